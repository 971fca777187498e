import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { lakeTables } from '../../../../shared/lake/schema.ts';
import { startWarehouse, type TestWarehouse } from '../../../support/warehouse.ts';

let warehouse: TestWarehouse;
beforeAll(async () => {
  warehouse = await startWarehouse(400, 3);
  await warehouse.exportAll();
}, 180_000);
afterAll(() => warehouse.stop());

/** What the orders database knows of people, as its owner sees it. */
async function people(): Promise<string[]> {
  const client = new pg.Client({ connectionString: warehouse.stores.owner });
  await client.connect();
  const { rows } = await client.query<Record<string, string>>(
    'SELECT name, email, mobile, membership_id, date_of_birth::text FROM orders.members',
  );
  await client.end();
  return rows.flatMap((row) => Object.values(row));
}

/** Every value of every column of every file. */
async function values(): Promise<Set<string>> {
  return warehouse.inLake(async (lake) => {
    const found = new Set<string>();
    for (const table of lakeTables) {
      const files = `read_parquet('${lake.directory}/${table}/**/*.parquet', union_by_name = true)`;
      for (const row of (await lake.ask(`SELECT * FROM ${files}`)).rows) {
        for (const value of row) found.add(JSON.stringify(value));
      }
    }
    return found;
  });
}

test('no name, e-mail address, mobile number, membership number or birthday of anybody is a value in the lake, or part of one', async () => {
  const known = await people();
  expect(known.length).toBe(200 * 5);
  const inLake = await values();
  const text = [...inLake].join('\n');
  const [product] = await warehouse.database.query('warehouse', 'dim_product', { limit: 1 });
  expect(text).toContain(product!.name);
  expect(known.filter((value) => text.includes(value))).toEqual([]);
}, 60_000);

test('a member is known by a random key that the views of no desk show', async () => {
  const members = await warehouse.database.query('warehouse', 'dim_member');
  for (const { member_key } of members) {
    expect(member_key).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
  const client = new pg.Client({ connectionString: warehouse.stores.owner });
  await client.connect();
  const { rows } = await client.query<{ place: string }>(
    `SELECT table_schema AS place FROM information_schema.columns
     WHERE column_name = 'member_key' AND table_schema NOT IN ('orders', 'warehouse')`,
  );
  await client.end();
  expect(rows).toEqual([]);
}, 60_000);
