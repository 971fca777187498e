import { day as dayMs, type Clock } from '../platform/clock.ts';
import { imageLifetimeDays } from '../platform/retention.ts';
import { LakeConflict, type LakeFile, type LakeStore } from './store/port.ts';
import { readPartition, writePartition } from './partition-file.ts';
import { isPartition, partitionDay } from './partitions.ts';
import type { Physical } from './parquet/physical.ts';
import { rowGroupRows } from './parquet/write.ts';
import { lakeTables, schemaVersion, tableOf } from './schema.ts';
import type { LakeTable, LakeTableName } from './schema-types.ts';

export interface CompactDependencies {
  readonly store: LakeStore;
  readonly clock: Clock;
}

export interface Compaction {
  readonly table: LakeTableName;
  readonly files: number;
  readonly rewritten: number;
  readonly removed: number;
  readonly bytesBefore: number;
  readonly bytesAfter: number;
}

/** More rows than this are not sorted in memory: such a file has been written in large row groups anyway. */
const maxRows = 2_000_000;

type Row = readonly Physical[];

const compare = (left: Physical, right: Physical): number =>
  left === right ? 0 : left === null || (right !== null && left < right) ? -1 : 1;

const byKey = ({ columns, key }: LakeTable): ((left: Row, right: Row) => number) => {
  const names = Object.keys(columns);
  const positions = key.map((name) => names.indexOf(name));
  return (left, right) => {
    for (const at of positions) {
      const order = compare(left[at]!, right[at]!);
      if (order !== 0) return order;
    }
    return 0;
  };
};

async function rowsOf(store: LakeStore, table: LakeTable, file: LakeFile) {
  const partition = await readPartition(store, table, file);
  const rows: Row[] = [];
  for await (const { rows: count, columns } of partition.groups()) {
    for (let row = 0; row < count; row++) rows.push(columns.map((column) => column[row]!));
  }
  return { partition, rows };
}

const isSorted = (rows: readonly Row[], order: (left: Row, right: Row) => number): boolean =>
  rows.every((row, index) => index === 0 || order(rows[index - 1]!, row) <= 0);

/** Rewrites a file whose rows are out of order, whose row groups are small, or that has an older schema. */
async function tidy(store: LakeStore, table: LakeTable, file: LakeFile): Promise<LakeFile> {
  const { partition, rows } = await rowsOf(store, table, file);
  const order = byKey(table);
  const fits =
    partition.schemaVersion === schemaVersion &&
    partition.rowGroups <= Math.max(1, Math.ceil(partition.rows / rowGroupRows)) &&
    isSorted(rows, order);
  if (fits) return file;
  const write = writePartition(store, table, file.path, file.etag);
  for (const row of rows.sort(order)) await write.push(row);
  return write.commit();
}

/** What no row can come back to: a day of images that have all been erased, or a file that is no partition. */
function isDead(table: LakeTableName, file: LakeFile, now: Date): boolean {
  if (!isPartition(table, file.path)) return true;
  const day = partitionDay(file.path);
  if (table !== 'fact_images' || file.rows > 0 || day === undefined) return false;
  return Date.parse(day) + (imageLifetimeDays + 2) * dayMs < now.getTime();
}

async function compactTable({ store, clock }: CompactDependencies, name: LakeTableName): Promise<Compaction> {
  const files = await store.list(`${name}/`);
  const now = clock.now();
  const result = { table: name, files: 0, rewritten: 0, removed: 0, bytesBefore: 0, bytesAfter: 0 };
  // One file stays, since a view over none fails.
  const dead = new Set(files.filter((file) => isDead(name, file, now)).slice(0, files.length - 1));
  for (const file of files) {
    result.bytesBefore += file.bytes;
    if (dead.has(file)) {
      await store.remove(file);
      result.removed += 1;
      continue;
    }
    const after = file.rows > maxRows ? file : await tidy(store, tableOf(name), file);
    if (after !== file) result.rewritten += 1;
    result.files += 1;
    result.bytesAfter += after.bytes;
  }
  return result;
}

/**
 * Keeps files as engines like them. A partition is one file at all times, so there are none to be joined: this sorts by
 * key what late rows have put at the end, lifts old files to the schema of today and removes what is empty for good. A
 * file that somebody else is writing to is left to the next time.
 */
export async function compactLake(dependencies: CompactDependencies): Promise<Compaction[]> {
  const results: Compaction[] = [];
  for (const name of lakeTables) {
    try {
      results.push(await compactTable(dependencies, name));
    } catch (error) {
      if (!(error instanceof LakeConflict)) throw error;
    }
  }
  return results;
}
