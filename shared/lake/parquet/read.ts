import { parquetMetadataAsync, parquetRead, type AsyncBuffer } from 'hyparquet';
import type { LakeTable } from '../schema-types.ts';
import { kindOf, undressed, type Physical } from './physical.ts';

export interface ParquetFileReader {
  readonly rows: number;
  readonly rowGroups: number;
  readonly schemaVersion: number;
  /** Row groups one after the other: the named columns (all when not told), as physical values. */
  groups(only?: readonly string[]): AsyncIterable<{ readonly rows: number; readonly columns: Physical[][] }>;
}

/** Opens a file of a table; columns that an older file does not have are null. */
export async function openParquet(table: LakeTable, file: AsyncBuffer): Promise<ParquetFileReader> {
  const dressed = await parquetMetadataAsync(file);
  const metadata = { ...dressed, schema: dressed.schema.map(undressed) };
  const present = new Set(metadata.schema.slice(1).map(({ name }) => name));
  const version = metadata.key_value_metadata?.find(({ key }) => key === 'darkroom.schema')?.value;

  async function readGroup(
    rowStart: number,
    rowEnd: number,
    names: readonly string[],
  ): Promise<Physical[][]> {
    const columns = new Map(
      names.map((name) => [name, new Array<Physical>(rowEnd - rowStart).fill(null)] as const),
    );
    await parquetRead({
      file,
      metadata,
      columns: names.filter((name) => present.has(name)),
      rowStart,
      rowEnd,
      onChunk({ columnName, columnData, rowStart: start }) {
        const column = columns.get(columnName)!;
        const kind = kindOf(table.columns[columnName]!.type);
        for (let row = 0; row < columnData.length; row++) {
          const value: unknown = columnData[row];
          const at = start - rowStart + row;
          if (at >= 0 && at < column.length)
            column[at] = value === undefined || value === null ? null : kind.stored(value);
        }
      },
    });
    return [...columns.values()];
  }

  return {
    rows: Number(metadata.num_rows),
    rowGroups: metadata.row_groups.length,
    schemaVersion: Number(version ?? 0),
    async *groups(only = Object.keys(table.columns)) {
      let start = 0;
      for (const group of metadata.row_groups) {
        const rows = Number(group.num_rows);
        if (rows > 0) yield { rows, columns: await readGroup(start, start + rows, only) };
        start += rows;
      }
    },
  };
}
