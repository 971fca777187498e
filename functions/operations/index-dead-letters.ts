import { app } from '@azure/functions';
import type { Database } from '../../shared/database/port.ts';
import { hour } from '../../shared/platform/clock.ts';
import { asDarkroomError } from '../../shared/platform/errors.ts';
import { hubs, retentionHours } from '../../shared/stream/hubs.ts';
import { readDeadLetter, type DeadLetter } from '../../shared/stream/dead-letter.ts';
import type { IncomingRecord } from '../../shared/stream/record.ts';
import { invocationLogger as log } from '../../shared/stream/invocation-log.ts';
import { makeHoldReaders } from '../../shared/operations/hold-readers.ts';
import { composition } from '../composition.ts';
import { readers } from './composition.ts';
import { hubHandler, hubTrigger } from '../../shared/stream/hub-trigger.ts';
import { expiredGaps, operationsReaders } from '../reader-states.ts';

const maxAttempts = 1_000_000;

/** What is no dead letter of ours is indexed too, as one of its own: nothing in this hub goes unseen. */
function deadLetterOf(record: IncomingRecord): DeadLetter {
  try {
    return readDeadLetter(record);
  } catch (thrown) {
    const { code, message } = asDarkroomError(thrown);
    const { hub, partition, offset, enqueuedAt: at } = record;
    const reason = { hub, partition, offset, stage: 'parse', code, message, attempts: 1, at };
    const payloadBytes = record.value.byteLength;
    return { reason, payloadBytes, claimCheck: undefined, sha256: undefined };
  }
}

/** Columns are bounded, and whoever may send to a hub may send anything. */
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const text = (value: string, max: number): string => value.replaceAll(/[\u0000-\u001f]/g, ' ').slice(0, max);

const rowOf = (record: IncomingRecord) => {
  const { reason, payloadBytes, claimCheck } = deadLetterOf(record);
  return {
    partition: record.partition,
    sequence_number: record.sequenceNumber ?? Number(record.offset),
    origin_hub: text(reason.hub, 100),
    origin_partition: text(reason.partition, 50),
    origin_offset: text(reason.offset, 50),
    ...{ stage: text(reason.stage, 50), code: reason.code, message: text(reason.message, 1_000) },
    attempts: Math.min(reason.attempts, maxAttempts),
    image_id: reason.imageId ?? null,
    payload_bytes: payloadBytes,
    claim_check: claimCheck === undefined ? null : text(claimCheck, 300),
    dead_at: reason.at,
    expires_at: new Date(reason.at.getTime() + retentionHours[hubs.deadLetter] * hour),
  };
};

type Row = ReturnType<typeof rowOf>;

/** What no row can hold is in the log, and the partition goes on. */
async function index(database: Database, row: Row): Promise<void> {
  const fields = { code: row.code, stage: row.stage, imageId: row.image_id };
  try {
    await database.execute('operations', 'record_dead_letter', row, { actor: 'service:operations' });
    log.info('dead-letter.indexed', fields);
  } catch (error) {
    if (asDarkroomError(error).retryable) throw error;
    log.error('dead-letter.unindexed', error, { ...fields, sequenceNumber: row.sequence_number });
  }
}

/** Makes dead letters findable. It throws on an outage only, and is then run again until that ends. */
export const indexDeadLetters = hubHandler(
  hubs.deadLetter,
  async () => {
    const database = await composition.database();
    const hold = makeHoldReaders({ database, readers: await readers(log), clock: composition.clock() });
    return async (records) => {
      const rows = records.map(rowOf);
      for (const row of rows) await index(database, row);
      await hold(rows);
    };
  },
  operationsReaders,
  expiredGaps,
);

app.eventHub('indexDeadLetters', hubTrigger(hubs.deadLetter, indexDeadLetters));
