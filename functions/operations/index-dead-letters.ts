import { app, type InvocationContext } from '@azure/functions';
import { hour } from '../../shared/platform/clock.ts';
import { asDarkroomError } from '../../shared/platform/errors.ts';
import { hubs, retentionHours } from '../../shared/stream/hubs.ts';
import { invocationLog } from '../../shared/platform/log.ts';
import { readDeadLetter, type DeadLetter } from '../../shared/stream/dead-letter.ts';
import type { IncomingRecord } from '../../shared/stream/record.ts';
import { recordsOf } from '../../shared/stream/trigger-records.ts';
import { composition } from '../composition.ts';
import { hubTrigger } from '../../shared/stream/hub-trigger.ts';

/** What is no dead letter of ours is indexed too, as one of its own: nothing in this hub goes unseen. */
function deadLetterOf(record: IncomingRecord): DeadLetter {
  try {
    return readDeadLetter(record);
  } catch (thrown) {
    const { code, message } = asDarkroomError(thrown);
    const { hub, partition, offset, enqueuedAt: at } = record;
    const reason = { hub, partition, offset, stage: 'parse', code, message, attempts: 1, at };
    return { reason, record, payloadBytes: record.value.byteLength, claimCheck: undefined };
  }
}

const rowOf = (record: IncomingRecord) => {
  const { reason, payloadBytes, claimCheck } = deadLetterOf(record);
  return {
    partition: record.partition,
    sequence_number: record.sequenceNumber ?? Number(record.offset),
    origin_hub: reason.hub,
    origin_partition: reason.partition,
    origin_offset: reason.offset,
    ...{ stage: reason.stage, code: reason.code, message: reason.message, attempts: reason.attempts },
    image_id: reason.imageId ?? null,
    payload_bytes: payloadBytes,
    claim_check: claimCheck ?? null,
    dead_at: reason.at,
    expires_at: new Date(reason.at.getTime() + retentionHours[hubs.deadLetter] * hour),
  };
};

/** Makes dead letters findable. It throws on an outage only, and is then run again until that ends. */
export async function indexDeadLetters(events: unknown, context: InvocationContext): Promise<void> {
  const log = invocationLog(context, { function: 'indexDeadLetters' });
  const database = await composition.database();
  for (const record of recordsOf(hubs.deadLetter, events, context.triggerMetadata)) {
    const row = rowOf(record);
    await database.execute('operations', 'record_dead_letter', row, { actor: 'service:operations' });
    log.info('dead-letter.indexed', { code: row.code, stage: row.stage, imageId: row.image_id });
  }
}

app.eventHub('indexDeadLetters', hubTrigger(hubs.deadLetter, indexDeadLetters));
