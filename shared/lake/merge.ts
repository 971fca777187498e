import type { LakeFile, LakeStore } from './store/port.ts';
import type { Physical } from './parquet/physical.ts';
import { changedColumn, keyOf, readPartition, writePartition } from './partition-file.ts';
import type { LakeTable } from './schema-types.ts';

export type Changes = Map<Physical, readonly Physical[]>;

/**
 * Brings changed rows into a partition's file: a row of the same key is replaced in its place when the change is later,
 * a new one is added at the end. Doing it again, or in another order, or twice at once, comes to the same rows; when
 * nothing is left to change, nothing is written and the answer is the file as it was.
 */
export async function mergeChanges(
  store: LakeStore,
  table: LakeTable,
  file: LakeFile,
  changes: Changes,
): Promise<LakeFile> {
  const key = keyOf(table);
  const changed = changedColumn(table);
  const partition = await readPartition(store, table, file);
  const write = writePartition(store, table, file.path, file.etag);
  const added = new Map(changes);
  let replaced = 0;
  for await (const { rows, columns } of partition.groups()) {
    for (let row = 0; row < rows; row++) {
      const rowKey = key((column) => columns[column]![row]!);
      const change = added.get(rowKey);
      if (change === undefined) continue;
      added.delete(rowKey);
      if ((change[changed] as bigint) <= (columns[changed]![row] as bigint)) continue;
      replaced += 1;
      for (const [column, value] of change.entries()) columns[column]![row] = value;
    }
    await write.pushColumns(columns, 0, rows);
  }
  if (replaced === 0 && added.size === 0) return file;
  for (const row of added.values()) await write.push(row);
  return write.commit();
}
