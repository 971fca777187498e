import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DataType, tableFromIPC, TimeUnit, type Table } from 'apache-arrow';
import { readParquet } from 'parquet-wasm/node';
import { lakeTables, tableOf } from '../../../../shared/lake/schema.ts';
import type { LakeTableName, LakeType } from '../../../../shared/lake/schema-types.ts';
import { imageMaker } from '../../../support/images.ts';
import { startWarehouse, type TestWarehouse } from '../../../support/warehouse.ts';

let warehouse: TestWarehouse;
beforeAll(async () => {
  warehouse = await startWarehouse(400, 2);
  const images = imageMaker(warehouse.stores.storage, warehouse.database);
  for (const status of ['processed', 'rejected'] as const) await images.make('ann', status);
  await warehouse.exportAll();
}, 180_000);
afterAll(() => warehouse.stop());

/** As docs/analytics.md says them. */
const duckTypes: Record<string, string> = { int: 'INTEGER', instant: 'TIMESTAMP WITH TIME ZONE' };
const inDuckDb = (type: LakeType): string =>
  type.startsWith('text') ? 'VARCHAR' : (duckTypes[type] ?? type.toUpperCase());

const arrowTypes: Record<string, (type: DataType) => boolean> = {
  int: (type) => DataType.isInt(type) && type.bitWidth === 32 && type.isSigned,
  bigint: (type) => DataType.isInt(type) && type.bitWidth === 64 && type.isSigned,
  boolean: (type) => DataType.isBool(type),
  date: (type) => DataType.isDate(type),
  instant: (type) =>
    DataType.isTimestamp(type) && type.unit === TimeUnit.MILLISECOND && type.timezone === 'UTC',
  text: (type) => DataType.isUtf8(type),
  text_ascii: (type) => DataType.isUtf8(type),
};
function isInArrow(type: DataType, lake: LakeType): boolean {
  const [, precision, scale] = /^decimal\((\d+),(\d+)\)$/.exec(lake) ?? [];
  if (precision === undefined) return arrowTypes[lake.replace(/\(.*/, '')]!(type);
  return DataType.isDecimal(type) && type.precision === Number(precision) && type.scale === Number(scale);
}

/** Arrow's 128-bit decimal: four words, the lowest first. */
const unscaledOf = (words: Uint32Array): bigint =>
  BigInt.asIntN(
    128,
    [...words].reduceRight((value, word) => (value << 32n) | BigInt(word), 0n),
  );

/** A value as the other reader has it, in the form that the database port has. */
function asInDatabase(value: unknown, type: LakeType): unknown {
  if (value === null) return null;
  if (type.startsWith('decimal')) {
    const scale = Number(/,(\d+)/.exec(type)![1]);
    const digits = String(unscaledOf(value as Uint32Array)).padStart(scale + 1, '0');
    return `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  }
  if (type === 'date') return new Date(Number(value)).toISOString().slice(0, 10);
  if (type === 'instant') return new Date(Number(value)).toISOString();
  return type === 'bigint' ? Number(value) : value;
}

async function readByTheOther(name: LakeTableName): Promise<Table[]> {
  const files = await warehouse.store.list(`${name}/`);
  return Promise.all(
    files.map(async (file) => {
      const bytes = new Uint8Array(await (await warehouse.store.read(file)).slice(0));
      return tableFromIPC(readParquet(bytes).intoIPCStream());
    }),
  );
}

const sorted = (rows: readonly unknown[][]): string[] => rows.map((row) => JSON.stringify(row)).sort();

async function rowsInDatabase(name: LakeTableName): Promise<unknown[][]> {
  const { columns } = tableOf(name);
  const rows: unknown[][] = [];
  const stream = warehouse.database.stream('warehouse', name) as AsyncIterable<Record<string, unknown>[]>;
  for await (const batch of stream) {
    for (const row of batch) {
      rows.push(
        Object.keys(columns).map((column) => {
          const value = row[column] ?? null;
          return value instanceof Date ? value.toISOString() : value;
        }),
      );
    }
  }
  return rows;
}

describe.each(lakeTables)('%s', (name) => {
  const columns = Object.entries(tableOf(name).columns);

  test('has its documented types for DuckDB', async () => {
    const found = await warehouse.inLake(async (lake) => {
      const sql = `SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet('${lake.directory}/${name}/**/*.parquet', hive_partitioning = false))`;
      return (await lake.ask(sql)).rows;
    });
    expect(found).toEqual(columns.map(([column, { type }]) => [column, inDuckDb(type)]));
  });

  test('opens in a second, independent reader (parquet-wasm, Rust) with the same types and nulls only where they may be', async () => {
    for (const { schema } of await readByTheOther(name)) {
      expect(schema.fields.map((field) => field.name)).toEqual(columns.map(([column]) => column));
      for (const [index, [column, { type, nullable }]] of columns.entries()) {
        const field = schema.fields[index]!;
        expect([column, String(field.type), isInArrow(field.type as DataType, type)]).toEqual([
          column,
          String(field.type),
          true,
        ]);
        expect([column, field.nullable]).toEqual([column, nullable === true]);
      }
    }
  });

  test('has for that reader every value of every row that the database has, to the last digit and millisecond', async () => {
    const rows: unknown[][] = [];
    for (const table of await readByTheOther(name)) {
      for (let row = 0; row < table.numRows; row++) {
        rows.push(
          columns.map(([column, { type }]) => asInDatabase(table.getChild(column)!.get(row) ?? null, type)),
        );
      }
    }
    expect(rows.length).toBeGreaterThan(0);
    for (const [index, [column, { type }]] of columns.entries()) {
      if (!type.startsWith('text_ascii')) continue;
      // Synapse declares as many bytes as that.
      const width = Number(/\((\d+)\)/.exec(type)![1]);
      for (const row of rows) {
        const value = row[index] as string | null;
        expect([column, value, (value ?? '').length <= width && /^[ -~]*$/.test(value ?? '')]).toEqual([
          column,
          value,
          true,
        ]);
      }
    }
    expect(sorted(rows)).toEqual(sorted(await rowsInDatabase(name)));
  });
});
