import type { Database } from '../../database/port.ts';

/** When the purge has something to do next, though nothing changes: at once where an erasure has begun and not ended. */
export async function nextPurgeDue(database: Database): Promise<Date | undefined> {
  const [begun] = await database.query('storage_writer', 'erasures', { limit: 1 });
  if (begun !== undefined) return new Date(0);
  const [first] = await database.query('storage_writer', 'images', {
    orderBy: [
      ['delete_at', 'asc'],
      ['image_id', 'asc'],
    ],
    limit: 1,
  });
  return first?.delete_at;
}
