import { z } from 'zod';
import type { DayLog } from '../../platform/blobs/day-log.ts';
import type { GroupState } from '../stream-state.ts';

/** Counts of a hub and its reader, all partitions together: what passed between two of them is their difference. */
const hubCounts = z.object({
  hub: z.string(),
  /** Events that wait; null when it could not be measured. */
  events: z.int().nullable(),
  /** How long the oldest of them has waited. */
  seconds: z.number().nullable(),
  /** Events that ever came. */
  sent: z.int(),
  /** Of these, those that are settled or gone. */
  done: z.int().nullable(),
  /** Of these, those that expired unread. */
  expired: z.int(),
});
export type HubCounts = z.infer<typeof hubCounts>;

const point = z.object({ at: z.coerce.date(), hubs: z.array(hubCounts) });

const start = z.object({
  at: z.coerce.date(),
  started: z.object({
    /** What the host runs. */
    services: z.string(),
    version: z.string(),
    /** Its last start was with another version. */
    isNew: z.boolean(),
  }),
});

export type Point = z.infer<typeof point>;
export type Start = z.infer<typeof start>;

/** What is known of the lag over time: nothing of an image, and nothing of a person. */
export interface LagLog {
  addPoint(point: Point): Promise<void>;
  addStart(start: Start): Promise<void>;
  since(from: Date): Promise<{ readonly points: readonly Point[]; readonly starts: readonly Start[] }>;
}

/** Whoever looks sees a day back; the day before the first one is kept whole. */
export const keptDays = 2;

const inOrder = <T extends { readonly at: Date }>(found: readonly T[], from: Date): T[] =>
  found.filter(({ at }) => at >= from).sort((one, other) => one.at.getTime() - other.at.getTime());

export const makeLagLog = (log: DayLog): LagLog => ({
  addPoint: (one) => log.add(one.at, one),
  addStart: (one) => log.add(one.at, one),
  async since(from) {
    const lines = await log.since(from);
    // A line of another release that is not understood is left out.
    const points = lines.flatMap((line) => point.safeParse(line).data ?? []);
    const starts = lines.flatMap((line) => start.safeParse(line).data ?? []);
    return { points: inOrder(points, from), starts: inOrder(starts, from) };
  },
});

export function countsOf({ hub, events, seconds, partitions }: GroupState): HubCounts {
  const sum = (value: (partition: GroupState['partitions'][number]) => number): number =>
    partitions.reduce((total, partition) => total + value(partition), 0);
  const sent = sum(({ lastSequenceNumber }) => lastSequenceNumber + 1);
  return {
    ...{ hub, events, seconds, sent },
    done: events === null ? null : sent - events,
    expired: sum(({ expired }) => expired),
  };
}
