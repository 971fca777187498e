import { deadLetterId, type DeadLetterRow } from '../../shared/operations/dead-letters.ts';
import type { DeadLetterView } from './routes.ts';

export const deadLetterView = (row: DeadLetterRow): DeadLetterView => ({
  id: deadLetterId(row),
  imageId: row.image_id,
  origin: { hub: row.origin_hub, partition: row.origin_partition, offset: row.origin_offset },
  stage: row.stage,
  code: row.code,
  message: row.message,
  attempts: row.attempts,
  payloadBytes: row.payload_bytes,
  deadAt: row.dead_at.toISOString(),
  expiresAt: row.expires_at.toISOString(),
  replays: row.replays,
  lastOutcome: row.last_outcome,
});
