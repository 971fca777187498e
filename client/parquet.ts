import type { LakeColumn, LakeTable, LakeType } from '../shared/lake/schema-types.ts';
import { rowConverter } from '../shared/lake/parquet/physical.ts';
import { parquetFile } from '../shared/lake/parquet/write.ts';

export type { LakeType };

/** A table as a Parquet file, in the types of the lake: decimals stay exact. */
export async function toParquet(
  columns: readonly { readonly name: string; readonly type: LakeType }[],
  rows: readonly (readonly (string | number | null)[])[],
): Promise<Blob> {
  const column = (name: string, type: LakeType): LakeColumn => ({
    type,
    nullable: true,
    is: 'business',
    about: name,
  });
  const table: LakeTable = {
    grain: 'A row as it is shown.',
    key: [],
    columns: Object.fromEntries(columns.map(({ name, type }) => [name, column(name, type)])),
  };
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const file = parquetFile(table, (bytes) => {
    parts.push(new Uint8Array(bytes));
    return Promise.resolve();
  });
  const physical = rowConverter(table);
  for (const row of rows) {
    await file.push(physical(Object.fromEntries(columns.map(({ name }, at) => [name, row[at]]))));
  }
  await file.end();
  return new Blob(parts, { type: 'application/vnd.apache.parquet' });
}
