import type { ViewRow } from '../database/catalog/index.ts';
import type { Database } from '../database/port.ts';
import { DarkroomError } from '../platform/errors.ts';
import { slices } from '../platform/slices.ts';
import type { DeadRecord } from '../stream/record.ts';
import { unframeRecord } from '../stream/record-frame.ts';
import type { DeadLetterPayloads } from '../images/store/dead-letter-payloads.ts';

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

export const noDeadLetter = (id: string): DarkroomError =>
  new DarkroomError('not-found', `There is no dead letter ${id}; they are kept for 6 days.`);

/** Ids in one question to the database. */
const questionSize = 500;

export interface DeadLettersDependencies {
  readonly database: Database;
  readonly payloads: DeadLetterPayloads;
}

/** The index of dead letters, and their records as long as the store keeps them. */
export function makeDeadLetters({ database, payloads }: DeadLettersDependencies) {
  async function openOne({ claim_check: claimCheck }: DeadLetterRow): Promise<DeadRecord | undefined> {
    const payload = claimCheck === null ? undefined : await payloads.read(claimCheck);
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
      throw noDeadLetter(id);
    },

    /** Those of these that there are, in their order. */
    async findAll(ids: readonly string[]): Promise<DeadLetterRow[]> {
      const found = new Map<string, DeadLetterRow>();
      for (const slice of slices(ids, questionSize)) {
        const value = slice.map((id) => placeOf(id).sequenceNumber);
        const where = [{ column: 'sequence_number', operator: 'in', value }] as const;
        const rows = await database.query('operations', 'dead_letters', { where });
        for (const row of rows) found.set(deadLetterId(row), row);
      }
      return ids.flatMap((id) => found.get(id) ?? []);
    },

    /** The original records, by id; what has expired or was erased is not among them. */
    async open(rows: readonly DeadLetterRow[]): Promise<ReadonlyMap<string, DeadRecord>> {
      const opened = new Map<string, DeadRecord>();
      for (const row of rows) {
        const record = await openOne(row);
        if (record !== undefined) opened.set(deadLetterId(row), record);
      }
      return opened;
    },
  };
}

export type DeadLetters = ReturnType<typeof makeDeadLetters>;
