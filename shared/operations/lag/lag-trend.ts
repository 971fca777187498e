import { minute } from '../../platform/clock.ts';
import { isFresh, ratesBetween, unbroken, type CountsAt, type Rates } from './lag-points.ts';

/**
 * `unknown`: too few points, or none of late. `empty`: nothing waits. `falling`: more is read than comes. `expiring`: less waits
 * because events expire unread. `growing`, and `steady` for less than one event in the time looked at.
 */
export const trendStates = ['unknown', 'empty', 'falling', 'expiring', 'steady', 'growing'] as const;

export interface LagTrend extends Rates {
  readonly state: (typeof trendStates)[number];
  /** Slope of the lag, by least squares. */
  readonly eventsPerMinute: number | null;
  /** Until nothing waits, if it goes on like this: lag ÷ (out − in), where it falls. */
  readonly drainSeconds: number | null;
}

const windowMs = 10 * minute;
const fewestPoints = 3;

const none: LagTrend = {
  ...{ state: 'unknown', eventsPerMinute: null, drainSeconds: null },
  ...{ inPerSecond: null, outPerSecond: null },
};

interface Sample {
  readonly minutes: number;
  readonly events: number;
}

/** Events a minute, by least squares. */
function slopeOf(samples: readonly Sample[]): number {
  const mean = (value: (sample: Sample) => number): number =>
    samples.reduce((sum, sample) => sum + value(sample), 0) / samples.length;
  const [middle, level] = [mean(({ minutes }) => minutes), mean(({ events }) => events)];
  const covariance = mean(({ minutes, events }) => (minutes - middle) * (events - level));
  return covariance / mean(({ minutes }) => (minutes - middle) ** 2);
}

/** Where the lag of a hub is heading, from its last minutes. */
export function lagTrend(counts: readonly CountsAt[], now: Date): LagTrend {
  const late = unbroken(counts.filter(({ at }) => now.getTime() - at.getTime() <= windowMs));
  const [first, last] = [late[0], late.at(-1)];
  const samples = late.flatMap(({ at, events }): Sample[] =>
    events === null ? [] : [{ minutes: (at.getTime() - first!.at.getTime()) / minute, events }],
  );
  if (first === undefined || last === undefined || samples.length < fewestPoints) return none;
  if (last.events === null || !isFresh(last.at, now)) return none;
  const rates = ratesBetween(first, last);
  const slope = slopeOf(samples);
  const minutes = samples.at(-1)!.minutes - samples[0]!.minutes;
  const known = { ...rates, eventsPerMinute: Math.round(slope * 100) / 100, drainSeconds: null };
  if (last.events === 0) return { ...known, state: 'empty' };
  if (Math.abs(slope) * minutes < 1) return { ...known, state: 'steady' };
  if (slope > 0) return { ...known, state: 'growing' };
  const net = (rates.outPerSecond ?? 0) - (rates.inPerSecond ?? 0);
  if (net > 0) return { ...known, state: 'falling', drainSeconds: Math.round(last.events / net) };
  return { ...known, state: last.expired > first.expired ? 'expiring' : 'steady' };
}
