import type { ViewRow } from '../../../database/catalog/index.ts';
import type { Origin } from '../../../platform/image-origin.ts';
import { graceMs, type SweepDependencies } from './dependencies.ts';

const lostBytes = {
  code: 'claim-check-missing',
  message: 'The stored bytes of the image were not there any more when the stores were checked.',
} as const;

const originOf = (row: ViewRow<'storage_writer', 'images'>): Origin => ({
  imageId: row.image_id,
  owner: row.owner,
  source: row.source as Origin['source'],
  uploadedAt: row.uploaded_at,
  correlationId: row.correlation_id,
});

/**
 * Finds rows whose original is not among the blobs that were there when the sweep began; those not processed become
 * `failed`. Answers how many there were.
 */
export async function markMissingBytes(
  { database, writer, log }: SweepDependencies,
  present: ReadonlySet<string>,
  begun: Date,
  dryRun: boolean,
): Promise<number> {
  let missing = 0;
  const rows = database.stream('storage_writer', 'images', {
    where: [
      { column: 'status', operator: 'in', value: ['stored', 'processed', 'failed'] },
      { column: 'sha256', operator: 'is not null' },
      { column: 'uploaded_at', operator: '<', value: new Date(begun.getTime() - graceMs) },
    ],
  });
  for await (const batch of rows) {
    for (const row of batch.filter(({ image_id }) => !present.has(image_id))) {
      missing += 1;
      log.warn('sweep.bytes-missing', { imageId: row.image_id, status: row.status });
      if (!dryRun && row.status === 'stored') await writer.recordFailed(originOf(row), lostBytes);
    }
  }
  return missing;
}
