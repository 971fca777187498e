import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { partitionDay, partitionPath } from '../../../../shared/lake/partitions.ts';
import { rowConverter, unscaled, type Physical } from '../../../../shared/lake/parquet/physical.ts';
import { openParquet } from '../../../../shared/lake/parquet/read.ts';
import { parquetFile, rowGroupRows } from '../../../../shared/lake/parquet/write.ts';
import type { LakeTable } from '../../../../shared/lake/schema-types.ts';

const table: LakeTable = {
  grain: 'One row for each test.',
  key: ['id'],
  columns: {
    id: { type: 'bigint', is: 'business', about: 'id' },
    text: { type: 'text(50)', nullable: true, is: 'business', about: 'text' },
    money: { type: 'decimal(19,4)', is: 'business', about: 'long decimal' },
    weight: { type: 'decimal(12,3)', nullable: true, is: 'business', about: 'short decimal' },
    at: { type: 'instant', nullable: true, is: 'business', about: 'instant' },
    on: { type: 'date', is: 'business', about: 'date' },
    is: { type: 'boolean', is: 'business', about: 'boolean' },
  },
};

async function write(of: LakeTable, rows: readonly (readonly Physical[])[]) {
  const chunks: Uint8Array[] = [];
  const file = parquetFile(of, (bytes) => {
    chunks.push(bytes.slice());
    return Promise.resolve();
  });
  for (const row of rows) await file.push(row);
  await file.end();
  const bytes = Buffer.concat(chunks);
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  return { byteLength: buffer.byteLength, slice: (start: number, end?: number) => buffer.slice(start, end) };
}

async function read(of: LakeTable, file: Awaited<ReturnType<typeof write>>): Promise<Physical[][]> {
  const opened = await openParquet(of, file);
  const rows: Physical[][] = [];
  for await (const group of opened.groups()) {
    for (let row = 0; row < group.rows; row++) rows.push(group.columns.map((column) => column[row]!));
  }
  return rows;
}

const decimal = (digits: number, scale: number) =>
  fc.bigInt({ min: -(10n ** BigInt(digits)) + 1n, max: 10n ** BigInt(digits) - 1n }).map((units) => {
    const text = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
    return `${units < 0n ? '-' : ''}${text.slice(0, -scale)}.${text.slice(-scale)}`;
  });

describe('a file of a table', () => {
  test('gives back exactly what was written: every digit, every character, every millisecond', async () => {
    const convert = rowConverter(table);
    const row = fc.record({
      id: fc.maxSafeInteger(),
      text: fc.option(fc.string({ unit: 'grapheme', maxLength: 20 })),
      money: decimal(19, 4),
      weight: fc.option(decimal(12, 3)),
      at: fc.option(fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })),
      on: fc
        .date({ min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
        .map((date) => date.toISOString().slice(0, 10)),
      is: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 60 }), async (rows) => {
        const physical = rows.map(convert);
        expect(await read(table, await write(table, physical))).toEqual(physical);
      }),
      { numRuns: 60 },
    );
  });

  test('has row groups of twenty-five thousand rows', async () => {
    const row = [1n, 'a', 10_000n, null, null, 20_000, true];
    const file = await write(table, Array<Physical[]>(rowGroupRows + 1).fill(row));
    const opened = await openParquet(table, file);
    expect([opened.rows, opened.rowGroups]).toEqual([rowGroupRows + 1, 2]);
  });

  test('of an older schema reads as null where a column was added since', async () => {
    const older: LakeTable = {
      ...table,
      columns: Object.fromEntries(Object.entries(table.columns).slice(0, 3)),
    };
    const rows = await read(table, await write(older, [[7n, 'x', 5n]]));
    expect(rows).toEqual([[7n, 'x', 5n, null, null, null, null]]);
  });
});

describe('a decimal', () => {
  test.each([
    ['12.3400', 4, 123_400n],
    ['12.34', 4, 123_400n],
    ['-0.0001', 4, -1n],
    ['7', 3, 7_000n],
  ])('%s with %i places is %s units', (text, scale, units) => expect(unscaled(text, scale)).toBe(units));

  test('with more places than the column has is refused, not rounded', () => {
    expect(() => unscaled('1.23456', 4)).toThrow(RangeError);
  });

  test('with more digits than the column has is refused', () => {
    const convert = rowConverter(table);
    expect(() => convert({ weight: '1000000000.000' })).toThrow(RangeError);
  });
});

describe('a partition', () => {
  test('is one file of a fixed name, in padded folders', () => {
    expect(partitionPath('fact_sales', '2026-03-09')).toBe(
      'fact_sales/year=2026/month=03/day=09/fact_sales.parquet',
    );
    expect(partitionPath('dim_product', undefined)).toBe('dim_product/dim_product.parquet');
  });

  test('tells its day', () => {
    expect(partitionDay('fact_sales/year=2026/month=03/day=09/fact_sales.parquet')).toBe('2026-03-09');
    expect(partitionDay('dim_product/dim_product.parquet')).toBeUndefined();
  });

  test('of no day is refused', () => {
    expect(() => partitionPath('fact_sales', '09.03.2026')).toThrow('no partition');
  });
});
