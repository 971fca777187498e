import type { SchemaElement } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { schemaVersion } from '../schema.ts';
import type { LakeTable } from '../schema-types.ts';
import { columnElement, kindOf, undressed, type Physical } from './physical.ts';

/** Rows of a row group: what an engine reads at once, and what this holds in memory at once. */
export const rowGroupRows = 25_000;
/** Bytes that are handed on together. */
const chunkBytes = 8 * 1024 * 1024;

/** Where the bytes of a file go, in order; resolves when it can take more. */
export type ByteSink = (bytes: Uint8Array) => Promise<void>;

/** Passes bytes on between row groups, so that no more than one row group and one chunk are held. */
class SinkWriter extends ByteWriter {
  readonly #sink: ByteSink;

  constructor(sink: ByteSink) {
    super(64 * 1024);
    this.#sink = sink;
  }

  flush(): Promise<void> | undefined {
    return this.index < chunkBytes ? undefined : this.drain();
  }

  async drain(): Promise<void> {
    const bytes = this.getBytes().slice();
    this.index = 0;
    await this.#sink(bytes);
  }
}

export interface ParquetFileWriter {
  readonly rows: number;
  push(row: readonly Physical[]): void | Promise<void>;
  /** Rows `from` to `to` of whole columns, in the order of the table's. */
  pushColumns(columns: readonly (readonly Physical[])[], from: number, to: number): Promise<void>;
  end(): Promise<void>;
}

/** The least and greatest of keys, names and amounts lets nobody skip a row group. */
const isOfBytes = ({ type }: Omit<SchemaElement, 'name'>): boolean =>
  type === 'BYTE_ARRAY' || type === 'FIXED_LEN_BYTE_ARRAY';

/** Writes a file of a table: Snappy, dictionaries where they pay, and for each row group statistics of what is not bytes. */
export function parquetFile(table: LakeTable, sink: ByteSink): ParquetFileWriter {
  const names = Object.keys(table.columns);
  const elements = Object.entries(table.columns).map(([name, column]) => columnElement(name, column));
  const root = { name: 'row', num_children: elements.length };
  const kinds = Object.values(table.columns).map(({ type }) => kindOf(type));
  const writer = new SinkWriter(sink);
  const file = new ParquetWriter({
    writer,
    schema: [root, ...elements.map(undressed)],
    kvMetadata: [{ key: 'darkroom.schema', value: String(schemaVersion) }],
    createdBy: 'darkroom',
  });
  let columns: Physical[][] = names.map(() => []);
  let written = 0;

  async function writeGroup(): Promise<void> {
    const data = columns;
    columns = names.map(() => []);
    written += data[0]!.length;
    await file.write({
      columnData: names.map((name, index) => {
        const { storing, element } = kinds[index]!;
        const values = storing === undefined ? data[index]! : data[index]!.map(storing());
        return { name, data: values, statistics: !isOfBytes(element) };
      }),
      rowGroupSize: rowGroupRows,
    });
  }

  return {
    get rows() {
      return written + columns[0]!.length;
    },
    push(row) {
      for (let index = 0; index < columns.length; index++) columns[index]!.push(row[index] ?? null);
      return columns[0]!.length < rowGroupRows ? undefined : writeGroup();
    },
    async pushColumns(given, from, to) {
      for (let next = from; next < to;) {
        const end = Math.min(to, next + rowGroupRows - columns[0]!.length);
        for (const [index, column] of columns.entries()) {
          const source = given[index];
          for (let row = next; row < end; row++) column.push(source?.[row] ?? null);
        }
        next = end;
        if (columns[0]!.length === rowGroupRows) await writeGroup();
      }
    },
    async end() {
      if (columns[0]!.length > 0 || written === 0) await writeGroup();
      file.schema = [root, ...elements];
      await file.finish();
      await writer.drain();
    },
  };
}
