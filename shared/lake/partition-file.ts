import type { LakeFile, LakeStore } from './store/port.ts';
import { openParquet } from './parquet/read.ts';
import { parquetFile, type ParquetFileWriter } from './parquet/write.ts';
import type { Physical } from './parquet/physical.ts';
import type { LakeTable } from './schema-types.ts';

/** A new state of a partition, written beside the old one until it is committed. */
export interface PartitionWrite extends ParquetFileWriter {
  commit(): Promise<LakeFile>;
}

export function writePartition(
  store: LakeStore,
  table: LakeTable,
  path: string,
  replaces: string | undefined,
): PartitionWrite {
  const blob = store.replace(path, replaces);
  const file = parquetFile(table, (bytes) => blob.write(bytes));
  return {
    get rows() {
      return file.rows;
    },
    push: (row) => file.push(row),
    pushColumns: (columns, from, to) => file.pushColumns(columns, from, to),
    end: () => file.end(),
    async commit() {
      await file.end();
      return blob.commit(file.rows);
    },
  };
}

export const readPartition = async (store: LakeStore, table: LakeTable, file: LakeFile) =>
  openParquet(table, await store.read(file));

/** What tells rows of a table apart: one value as it is, several as one text. */
export function keyOf({ columns, key }: LakeTable): (row: (column: number) => Physical) => Physical {
  const names = Object.keys(columns);
  const positions = key.map((name) => names.indexOf(name));
  const [only] = positions;
  if (positions.length === 1) return (row) => row(only!);
  return (row) => positions.map((position) => String(row(position))).join('\u0000');
}

export const changedColumn = ({ columns }: LakeTable): number => Object.keys(columns).indexOf('changed');
