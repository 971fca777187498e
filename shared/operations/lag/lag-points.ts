import { minute } from '../../platform/clock.ts';
import type { HubCounts, Point } from './lag-log.ts';

/** How often the lag is measured. */
export const pointEverySeconds = 60;

/** Two instances may measure at once: points nearer than this to the one before say the same. Milliseconds. */
const nearestMs = 30_000;

/** What lies between points that are further apart is not known: a gap. Milliseconds. */
const longestMs = 2.5 * minute;

/** The counts of one hub at a time. */
export interface CountsAt extends HubCounts {
  readonly at: Date;
}

/** What is shown of a hub at a time; rates are of the minute before, null when they are not known. */
export interface LagPoint {
  readonly at: Date;
  readonly events: number | null;
  readonly seconds: number | null;
  readonly inPerSecond: number | null;
  readonly outPerSecond: number | null;
}

/** The counts of a hub in their order, a minute apart where nothing is missing. */
export function countsOfHub(points: readonly Point[], hub: string): CountsAt[] {
  const found: CountsAt[] = [];
  for (const { at, hubs } of points) {
    const counts = hubs.find((one) => one.hub === hub);
    const before = found.at(-1);
    if (counts === undefined) continue;
    if (before !== undefined && at.getTime() - before.at.getTime() < nearestMs) continue;
    found.push({ ...counts, at });
  }
  return found;
}

/** The last of them without a gap before them. */
export function unbroken(counts: readonly CountsAt[]): readonly CountsAt[] {
  const from = counts.findLastIndex(
    ({ at }, index) => index > 0 && at.getTime() - counts[index - 1]!.at.getTime() > longestMs,
  );
  return counts.slice(Math.max(0, from));
}

export const isFresh = (at: Date, now: Date): boolean => now.getTime() - at.getTime() <= longestMs;

export interface Rates {
  readonly inPerSecond: number | null;
  readonly outPerSecond: number | null;
}

const perSecond = (count: number, before: CountsAt, now: CountsAt): number | null =>
  count < 0 ? null : Math.round((count / (now.at.getTime() - before.at.getTime())) * 1e5) / 100;

/**
 * What came and what was read between two counts. What expired unread was not read; a hub that was made anew, and a checkpoint
 * that was moved back, make a count fall, and then the rate is not known.
 */
export function ratesBetween(before: CountsAt, now: CountsAt): Rates {
  const expired = Math.max(0, now.expired - before.expired);
  return {
    inPerSecond: perSecond(now.sent - before.sent, before, now),
    outPerSecond:
      now.done === null || before.done === null
        ? null
        : perSecond(now.done - before.done - expired, before, now),
  };
}

const unknown: Rates = { inPerSecond: null, outPerSecond: null };

export function lagPoints(counts: readonly CountsAt[]): LagPoint[] {
  return counts.map((now, index) => {
    const before = counts[index - 1];
    const isJoined = before !== undefined && now.at.getTime() - before.at.getTime() <= longestMs;
    const { at, events, seconds } = now;
    return { at, events, seconds, ...(isJoined ? ratesBetween(before, now) : unknown) };
  });
}
