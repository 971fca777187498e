import type { Database } from '../../database/port.ts';
import { slices } from '../../platform/slices.ts';
import { erasedAmong, questionSize } from '../../images/erase/erased-among.ts';

/** Those of these images that the ledger says were erased, and those whose erasure has begun. */
export async function goneAmong(
  database: Database,
  imageIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const gone = new Set(await erasedAmong(database, imageIds));
  for (const value of slices(imageIds, questionSize)) {
    const where = [{ column: 'image_id', operator: 'in', value }] as const;
    for (const row of await database.query('storage_writer', 'erasures', { where })) gone.add(row.image_id);
  }
  return gone;
}
