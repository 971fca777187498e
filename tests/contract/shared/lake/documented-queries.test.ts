import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { lakeTables, tableOf } from '../../../../shared/lake/schema.ts';
import { imageMaker } from '../../../support/images.ts';
import { startWarehouse, type TestWarehouse } from '../../../support/warehouse.ts';

const document = await readFile(new URL('../../../../docs/analytics.md', import.meta.url), 'utf8');
const measures = [...document.matchAll(/^\| ([\w ]+?) +\| `(SELECT [^`]+)` +\|$/gm)].map(
  ([, measure = '', query = '']) => [measure, query] as const,
);
const examples = [...document.matchAll(/```sql\n([^`]+)```/g)].map(([, query = '']) => query);

let warehouse: TestWarehouse;
beforeAll(async () => {
  warehouse = await startWarehouse(200, 2);
  const images = imageMaker(warehouse.stores.storage, warehouse.database);
  for (const status of ['processed', 'processed', 'rejected'] as const) await images.make('ann', status);
  await warehouse.exportAll();
}, 180_000);
afterAll(() => warehouse.stop());

/** The same figures, of the order desk's own tables. */
async function figuresInDatabase(): Promise<Record<string, number>> {
  const orders = (await warehouse.database.query('storefront', 'orders')).filter(
    ({ status }) => status !== 'cancelled',
  );
  const members = await warehouse.database.query('storefront', 'members');
  const sum = (values: readonly string[]): number =>
    values.map((value) => Math.round(Number(value) * 10_000)).reduce((one, other) => one + other, 0) / 10_000;
  return {
    Sales: sum(orders.map(({ total_price }) => total_price)),
    Orders: orders.length,
    Weight: sum(orders.map(({ total_weight }) => total_weight)),
    'Active members': members.filter(({ status }) => status === 'active').length,
    'Images received': 3,
    'Images alive': 3,
  };
}

test('each measure that is documented has the figure that the database has', async () => {
  const expected = await figuresInDatabase();
  expect(measures.map(([measure]) => measure)).toEqual(Object.keys(expected));
  const found = await warehouse.inLake(async (lake) => {
    const answers: Record<string, number> = {};
    for (const [measure, query] of measures) answers[measure] = Number((await lake.ask(query)).rows[0]?.[0]);
    return answers;
  });
  expect(found).toEqual(expected);
  expect(Math.min(...Object.values(found))).toBeGreaterThan(0);
});

test('each example that is documented is answered', async () => {
  expect(examples.length).toBeGreaterThan(0);
  for (const query of examples) {
    const { columns } = await warehouse.inLake((lake) => lake.ask(query));
    expect([query, columns]).toEqual([query, ['day', 'sales']]);
  }
});

const queries = [...examples, ...measures.map(([, query]) => query)];

test('each is T-SQL, too: tables under their schema, truth values compared with 1 or 0', () => {
  const truths = lakeTables.flatMap((table) =>
    Object.entries(tableOf(table).columns).flatMap(([name, { type }]) => (type === 'boolean' ? [name] : [])),
  );
  const bare = new RegExp(`\\b(${truths.join('|')})\\b(?! = [01]\\b)`);
  for (const query of queries) {
    expect(query).not.toMatch(bare);
    expect(query).not.toMatch(/\b(LIMIT|GROUP BY ALL)\b/i);
    for (const [, table] of query.matchAll(/\bFROM (\S+)/g)) expect(table).toMatch(/^warehouse\.\w+$/);
  }
});
