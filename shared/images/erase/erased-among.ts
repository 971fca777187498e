import type { Database } from '../../database/port.ts';
import { slices } from '../../platform/slices.ts';
import { imageDigest } from '../../platform/image-id.ts';

/** Ids in one question to the database. */
export const questionSize = 500;

/** Those of these images that the ledger says were erased. */
export async function erasedAmong(
  database: Database,
  imageIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const digests = new Set<string>();
  for (const ids of slices(imageIds, questionSize)) {
    const where = [{ column: 'image_digest', operator: 'in', value: ids.map(imageDigest) }] as const;
    const rows = await database.query('storage_writer', 'erased', { where });
    for (const row of rows) digests.add(row.image_digest);
  }
  return new Set(imageIds.filter((imageId) => digests.has(imageDigest(imageId))));
}
