import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { readPartition, writePartition } from '../../../../../shared/lake/partition-file.ts';
import type { Physical } from '../../../../../shared/lake/parquet/physical.ts';
import { tableOf } from '../../../../../shared/lake/schema.ts';
import type { LakeTableName } from '../../../../../shared/lake/schema-types.ts';
import { startWarehouse, type TestWarehouse } from '../../../../support/warehouse.ts';

let warehouse: TestWarehouse;
let mend: () => Promise<void> = () => Promise.resolve();
beforeAll(async () => {
  warehouse = await startWarehouse(200, 2);
  await warehouse.exportAll();
}, 180_000);
afterEach(() => mend());
afterAll(() => warehouse.stop());

type Row = Record<string, Physical>;

/** Writes the table's first file with other rows, and puts it back after the test. */
async function spoil(name: LakeTableName, change: (rows: Row[]) => Row[]) {
  const table = tableOf(name);
  const names = Object.keys(table.columns);
  const [file] = await warehouse.store.list(`${name}/`);
  const original = new Uint8Array(await (await warehouse.store.read(file!)).slice(0));
  const partition = await readPartition(warehouse.store, table, file!);
  const rows: Row[] = [];
  for await (const { rows: count, columns } of partition.groups()) {
    for (let row = 0; row < count; row++) {
      rows.push(Object.fromEntries(names.map((column, at) => [column, columns[at]![row]!])));
    }
  }
  const write = writePartition(warehouse.store, table, file!.path, file!.etag);
  for (const row of change(rows)) await write.push(names.map((column) => row[column]!));
  const spoilt = await write.commit();
  mend = async () => {
    const back = warehouse.store.replace(file!.path, spoilt.etag);
    await back.write(original);
    await back.commit(file!.rows);
    mend = () => Promise.resolve();
  };
}

/** The first row with other values, all others as they are. */
const firstWith = (other: (row: Row) => Row) => (rows: Row[]) =>
  rows.map((row, index) => (index === 0 ? { ...row, ...other(row) } : row));

const checksThatDiffer = async () => [
  ...new Set((await warehouse.verify()).differences.map(({ check }) => check)),
];

test('a lake that agrees has no difference', async () => {
  expect(await checksThatDiffer()).toEqual([]);
}, 60_000);

test.each<[string, LakeTableName, (rows: Row[]) => Row[], string[]]>([
  [
    'a ten-thousandth of a price',
    'fact_sales',
    firstWith(({ price }) => ({ price: (price as bigint) + 1n })),
    ['items by day', 'items by product', 'items by membership'],
  ],
  [
    'a gram of an order',
    'fact_transactions',
    firstWith(({ total_weight }) => ({ total_weight: (total_weight as bigint) + 1n })),
    ['orders by day', 'orders by membership'],
  ],
  [
    'an order of another membership',
    'fact_transactions',
    firstWith(({ membership }) => ({ membership: membership === 'plus' ? 'standard' : 'plus' })),
    ['orders by membership'],
  ],
  [
    "the name of a product's version",
    'dim_product',
    firstWith(() => ({ name: 'Something else' })),
    ['products'],
  ],
  ['the status of a member', 'dim_member', firstWith(() => ({ status: 'unknown' })), ['members']],
  ['a row that is there twice', 'dim_product', (rows) => [...rows, rows[0]!], ['rows that are there twice']],
  [
    'sales whose product versions are missing',
    'dim_product',
    () => [],
    ['products', 'facts without their dimension'],
  ],
  ['orders whose members are missing', 'dim_member', () => [], ['members', 'facts without their dimension']],
])(
  '%s is found',
  async (_title, table, change, checks) => {
    await spoil(table, change);
    expect((await checksThatDiffer()).sort()).toEqual([...checks].sort());
  },
  60_000,
);

test('the command ends with 0 when they agree, and with 1 and the difference when they do not', async () => {
  const command = fileURLToPath(new URL('../../../../../cli/main.ts', import.meta.url));
  const { storage, database } = warehouse.stores;
  const verify = () =>
    spawnSync(
      process.execPath,
      ['--no-warnings', command, 'lake', 'verify', '--storage', storage, '--database', database],
      { encoding: 'utf8' },
    );
  const clean = verify();
  expect([clean.status, clean.stderr]).toEqual([0, '']);
  expect(clean.stdout).toContain('agree to the last digit');
  await spoil('fact_sales', (rows) => rows.slice(1));
  const spoilt = verify();
  expect(spoilt.status).toBe(1);
  expect(spoilt.stdout).toContain('items by product');
}, 120_000);
