import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import { deadLetterEvent } from './dead-letter.ts';
import type { EventSender } from './event-sender.ts';
import { hubs } from './hubs.ts';
import type { IncomingRecord } from './record.ts';

/** Events of a partition that the hub dropped before its reader had read them, both ends included. */
export interface ExpiredEvents {
  readonly hub: string;
  readonly partition: string;
  readonly from: number;
  readonly to: number;
}

export interface TellExpiredDependencies {
  readonly events: EventSender;
  readonly clock: Clock;
  readonly log: Log;
}

/** One dead letter for them all, without a record: nothing is left to be sent again. */
export const makeTellExpired =
  ({ events, clock, log }: TellExpiredDependencies) =>
  async ({ hub, partition, from, to }: ExpiredEvents): Promise<void> => {
    const count = to - from + 1;
    const message = `${count} events (${from} to ${to}) expired before they were read.`;
    const place = { hub, partition, offset: String(from), sequenceNumber: from };
    const reason = { ...place, stage: 'read', code: 'events-expired' as const, message, attempts: 0 };
    const payload = { payloadBytes: 0, claimCheck: undefined, sha256: undefined };
    await events.send(hubs.deadLetter, deadLetterEvent({ ...reason, at: clock.now() }, payload));
    log.warn('events.expired', { hub, partition, from, to, count });
  };

export type TellExpired = ReturnType<typeof makeTellExpired>;

export interface ExpiredGapsDependencies {
  /** Of the last event that counts as read; undefined where there is none. */
  readonly checkpointOf: (hub: string, partition: string) => Promise<number | undefined>;
  readonly tell: TellExpired;
}

/**
 * Looks at each batch for a gap before it: numbers in a partition have none, so what lies between the checkpoint and the first
 * record has expired. The checkpoint is read for the first batch of a partition here and when numbers are missing, which
 * may mean that engineers moved it. Without a checkpoint, a reader begins with what there is.
 */
export function makeExpiredGaps({ checkpointOf, tell }: ExpiredGapsDependencies) {
  const seen = new Map<string, number>();
  return async (records: readonly IncomingRecord[]): Promise<void> => {
    const [first, last] = [records[0], records.at(-1)];
    if (first?.sequenceNumber === undefined || last?.sequenceNumber === undefined) return;
    const { hub, partition, sequenceNumber } = first;
    const key = `${hub}/${partition}`;
    const before = seen.get(key);
    if (before === undefined || sequenceNumber > before + 1) {
      const checkpoint = await checkpointOf(hub, partition);
      if (checkpoint !== undefined && checkpoint + 1 < sequenceNumber) {
        await tell({ hub, partition, from: checkpoint + 1, to: sequenceNumber - 1 });
      }
    }
    seen.set(key, last.sequenceNumber);
  };
}

export type ExpiredGaps = ReturnType<typeof makeExpiredGaps>;
