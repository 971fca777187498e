import type { LagMark, LagPoint, LagTrend } from './api-types.ts';
import { formatDuration } from './duration.ts';

/** What is known of a step of time: the most that waited, and the mean of what passed. */
export interface LagStep {
  readonly from: Date;
  /** None: nothing is known of it. */
  readonly points: number;
  readonly events: number | null;
  readonly seconds: number | null;
  readonly inPerSecond: number | null;
  readonly outPerSecond: number | null;
}

const valuesOf = (points: readonly LagPoint[], name: 'events' | 'seconds' | 'inPerSecond' | 'outPerSecond') =>
  points.flatMap((point) => point[name] ?? []);
const most = (values: readonly number[]): number | null => (values.length === 0 ? null : Math.max(...values));
const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;

/** Points of a time by whole steps of so many minutes, oldest first. */
export function lagSteps(points: readonly LagPoint[], from: Date, to: Date, minutes: number): LagStep[] {
  const length = minutes * 60_000;
  const stepOf = (at: Date): number => Math.floor(at.getTime() / length);
  const inStep = Map.groupBy(points, ({ at }) => stepOf(new Date(at)));
  const first = stepOf(from);
  return Array.from({ length: stepOf(to) - first + 1 }, (_, index) => {
    const found = inStep.get(first + index) ?? [];
    return {
      ...{ from: new Date((first + index) * length), points: found.length },
      ...{ events: most(valuesOf(found, 'events')), seconds: most(valuesOf(found, 'seconds')) },
      inPerSecond: mean(valuesOf(found, 'inPerSecond')),
      outPerSecond: mean(valuesOf(found, 'outPerSecond')),
    };
  });
}

const oneDigit = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });

/** Where a lag is heading, in a sentence. */
export function trendText({ state, eventsPerMinute, drainSeconds }: LagTrend): string {
  const speed = `${oneDigit.format(Math.abs(eventsPerMinute ?? 0))} events a minute`;
  switch (state) {
    case 'unknown':
      return 'There are too few points of the last minutes to say where it is heading.';
    case 'empty':
      return 'Nothing waits.';
    case 'falling':
      return `It falls by ${speed}: if it goes on like this, nothing waits in ${formatDuration((drainSeconds ?? 0) * 1000)}.`;
    case 'expiring':
      return 'It falls because events expire unread, not because they are read.';
    case 'steady':
      return 'It neither grows nor falls, so what waits is not worked off.';
    case 'growing':
      return `It grows by ${speed}, so what waits is not worked off.`;
  }
}

const hostOf = ({ services, count }: LagMark): string =>
  `${count === 1 ? '1 instance' : `${count} instances`} of the host of ${services === 'all' ? 'all services' : (services ?? '').replaceAll(',', ', ')}`;

/** What was done, in a few words. */
export function markText(mark: LagMark): string {
  switch (mark.kind) {
    case 'deployed':
      return `Version ${mark.version ?? ''} deployed: ${hostOf(mark)}`;
    case 'started':
      return `${hostOf(mark)} started, version ${mark.version ?? ''}`;
    case 'paused':
      return 'Paused';
    case 'held':
      return 'Held because of dead letters';
    case 'resumed':
      return 'Resumed';
    case 'moved':
      return 'Checkpoint moved';
    case 'made-anew':
      return 'Hub made anew, read from the beginning';
    case 'rerun-stopped':
      return 'Bulk re-run stopped';
  }
}
