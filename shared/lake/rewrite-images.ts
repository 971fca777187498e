import type { LakeFile, LakeStore } from './store/port.ts';
import { readPartition, writePartition } from './partition-file.ts';
import { tableOf } from './schema.ts';

const table = tableOf('fact_images');
const idColumn = Object.keys(table.columns).indexOf('image_id');

/** The image ids of a partition, each with how many rows it has there: one, unless something is wrong. */
export async function imageIdsOf(store: LakeStore, file: LakeFile): Promise<Map<string, number>> {
  const ids = new Map<string, number>();
  const partition = await readPartition(store, table, file);
  for await (const { columns } of partition.groups(['image_id'])) {
    for (const id of columns[0] as string[]) ids.set(id, (ids.get(id) ?? 0) + 1);
  }
  return ids;
}

/** Replaces the partition by one without these images. */
export async function rewriteWithout(
  store: LakeStore,
  file: LakeFile,
  ids: { has(id: string): boolean },
): Promise<void> {
  const partition = await readPartition(store, table, file);
  const write = writePartition(store, table, file.path, file.etag);
  for await (const { rows, columns } of partition.groups()) {
    let kept = 0;
    for (let row = 0; row < rows; row++) {
      if (!ids.has(columns[idColumn]![row] as string)) continue;
      await write.pushColumns(columns, kept, row);
      kept = row + 1;
    }
    await write.pushColumns(columns, kept, rows);
  }
  await write.commit();
}
