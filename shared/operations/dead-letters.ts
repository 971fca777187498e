import type { ReceivedEventData } from '@azure/event-hubs';
import type { ViewRow } from '../database/catalog/index.ts';
import type { Database } from '../database/port.ts';
import { DarkroomError } from '../platform/errors.ts';
import { hubs } from '../stream/hubs.ts';
import type { DeadRecord } from '../stream/record.ts';
import { readDeadLetter } from '../stream/dead-letter.ts';
import { unframeRecord } from '../stream/record-frame.ts';
import type { IncomingRecord } from '../stream/record.ts';
import type { DeadLetterPayloads } from '../images/store/dead-letter-payloads.ts';
import type { HubReader } from '../stream/hub-reader.ts';

/** A dead letter as the index has it. */
export type DeadLetterRow = ViewRow<'operations', 'dead_letters'>;

/** Where a dead letter is in its hub: `{partition}-{sequence number}`. */
export const deadLetterId = (row: Pick<DeadLetterRow, 'partition' | 'sequence_number'>): string =>
  `${row.partition}-${row.sequence_number}`;

/** By the time of death, oldest or newest first. */
export const deadLetterOrder = (direction: 'asc' | 'desc') =>
  [
    ['dead_at', direction],
    ['partition', direction],
    ['sequence_number', direction],
  ] as const;

export const deadLetterIdPattern = /^(\d{1,5})-(\d{1,16})$/;

function placeOf(id: string): { partition: string; sequenceNumber: number } {
  const [, partition, sequenceNumber] = deadLetterIdPattern.exec(id) ?? [];
  if (partition === undefined) {
    throw new DarkroomError('invalid-request', 'The id of a dead letter is PARTITION-SEQUENCE, as in 0-17.');
  }
  return { partition, sequenceNumber: Number(sequenceNumber) };
}

export interface DeadLettersDependencies {
  readonly database: Database;
  readonly reader: HubReader;
  readonly payloads: DeadLetterPayloads;
}

/** An event that was read from the hub by us rather than handed over by a trigger. */
const asRecord = (partition: string, event: ReceivedEventData): IncomingRecord => ({
  hub: hubs.deadLetter,
  partition,
  offset: event.offset,
  enqueuedAt: event.enqueuedTimeUtc,
  sequenceNumber: event.sequenceNumber,
  key: event.partitionKey ?? undefined,
  value: event.body as Uint8Array,
  headers: {
    ...(event.properties as IncomingRecord['headers'] | undefined),
    ...(event.contentType === undefined ? {} : { 'content-type': event.contentType }),
  },
});

/** The index of dead letters, and the dead letters themselves as long as hub and store keep them. */
export function makeDeadLetters({ database, reader, payloads }: DeadLettersDependencies) {
  async function openOne(record: IncomingRecord): Promise<DeadRecord | undefined> {
    const deadLetter = readDeadLetter(record);
    if (deadLetter.claimCheck === undefined) return deadLetter.record;
    const payload = await payloads.read(deadLetter.claimCheck);
    return payload && unframeRecord(payload);
  }

  return {
    async find(id: string): Promise<DeadLetterRow> {
      const { partition, sequenceNumber } = placeOf(id);
      const [row] = await database.query('operations', 'dead_letters', {
        where: [
          { column: 'partition', operator: '=', value: partition },
          { column: 'sequence_number', operator: '=', value: sequenceNumber },
        ],
      });
      if (row !== undefined) return row;
      throw new DarkroomError('not-found', `There is no dead letter ${id}; they are kept for 6 days.`);
    },

    /** The original records, by id; what has expired or was erased is not among them. */
    async open(rows: readonly DeadLetterRow[]): Promise<ReadonlyMap<string, DeadRecord>> {
      const opened = new Map<string, DeadRecord>();
      for (const [partition, deadLetters] of Map.groupBy(rows, (row) => row.partition)) {
        const numbers = deadLetters.map((row) => row.sequence_number);
        for (const [sequenceNumber, event] of await reader.events(hubs.deadLetter, partition, numbers)) {
          const record = await openOne(asRecord(partition, event));
          if (record !== undefined) opened.set(`${partition}-${sequenceNumber}`, record);
        }
      }
      return opened;
    },
  };
}

export type DeadLetters = ReturnType<typeof makeDeadLetters>;
