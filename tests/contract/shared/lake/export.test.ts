import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { day } from '../../../../shared/platform/clock.ts';
import { openParquet } from '../../../../shared/lake/parquet/read.ts';
import { lakeTables, schemaVersion, tableOf } from '../../../../shared/lake/schema.ts';
import { startWarehouse, type TestWarehouse } from '../../../support/warehouse.ts';

const orders = 10_000;
const days = 20;
const actor = { actor: 'service:test' };

let warehouse: TestWarehouse;
beforeAll(async () => {
  warehouse = await startWarehouse(orders, days);
}, 180_000);
afterAll(() => warehouse.stop());

const etags = async () =>
  new Map(
    (await Promise.all(lakeTables.map((table) => warehouse.store.list(`${table}/`))))
      .flat()
      .map(({ path, etag }) => [path, etag]),
  );
const changedSince = async (before: ReadonlyMap<string, string>) =>
  [...(await etags())].filter(([path, etag]) => before.get(path) !== etag).map(([path]) => path);

const place = (memberId: number, productId: number, placedAt: Date, key: string) =>
  warehouse.database.execute(
    'storefront',
    'place_order',
    {
      member_id: memberId,
      request_key: key,
      items: [{ productId, quantity: 3 }],
      placed_at: placedAt,
    },
    actor,
  );

/** Completes an order that waits, and answers it. */
async function completeOne() {
  const [pending] = await warehouse.database.query('logistics', 'orders', {
    where: [{ column: 'status', operator: '=', value: 'pending' }],
    limit: 1,
  });
  await warehouse.database.execute('logistics', 'complete_order', { order_id: pending!.order_id }, actor);
  return pending!;
}

describe('the first export', () => {
  test('writes every row, in one file a day, and agrees with the database to the last digit', async () => {
    const done = await warehouse.exportAll();
    expect(done.find(({ table }) => table === 'fact_transactions')).toMatchObject({
      changed: orders,
      rows: orders,
      files: days,
    });
    const verdict = await warehouse.verify();
    expect(verdict.differences).toEqual([]);
    expect(verdict.checks['items by product']).toBeGreaterThan(40);
  }, 120_000);

  test('finds nothing to write when nothing has changed', async () => {
    const before = await etags();
    const done = await warehouse.exportAll();
    expect(done.map(({ changed, written }) => [changed, written])).toEqual(lakeTables.map(() => [0, 0]));
    expect(await changedSince(before)).toEqual([]);
  }, 60_000);
});

describe('an export of changes', () => {
  test('writes the partitions of changed, new and late rows, and no other file', async () => {
    const { database } = warehouse;
    const before = await etags();
    const pending = await completeOne();
    const [product] = await database.query('sales', 'products', {
      where: [{ column: 'is_active', operator: '=', value: true }],
      limit: 1,
    });
    const [buyer] = await database.query('storefront', 'members', {
      where: [{ column: 'status', operator: '=', value: 'active' }],
      orderBy: [['member_id', 'asc']],
      limit: 1,
    });
    const today = new Date();
    const late = new Date(today.getTime() - 9 * day);
    await place(buyer!.member_id, product!.product_id, today, 'new');
    await place(buyer!.member_id, product!.product_id, late, 'late');
    await database.execute('sales', 'retire_product', { product_id: product!.product_id }, actor);

    const done = await warehouse.exportAll();
    const touched = [pending.placed_day, today.toISOString().slice(0, 10), late.toISOString().slice(0, 10)];
    const expected = [...new Set(touched)].flatMap((text) => {
      const [year, month, dayOfMonth] = text.split('-');
      const folder = `year=${year}/month=${month}/day=${dayOfMonth}`;
      return ['fact_sales', 'fact_transactions'].map((table) => `${table}/${folder}/${table}.parquet`);
    });
    expect((await changedSince(before)).sort()).toEqual(
      [...expected, 'dim_product/dim_product.parquet'].sort(),
    );
    expect(done.find(({ table }) => table === 'fact_transactions')).toMatchObject({
      changed: 3,
      rows: orders + 2,
    });
    expect((await warehouse.verify()).differences).toEqual([]);
  }, 60_000);

  test('verify names what is not exported yet', async () => {
    const pending = await completeOne();
    const { differences } = await warehouse.verify();
    expect(differences.map(({ check, of }) => [check, of])).toContainEqual([
      'orders by day',
      `${pending.placed_day} pending`,
    ]);
    await warehouse.exportAll();
    expect((await warehouse.verify()).differences).toEqual([]);
  }, 60_000);

  test('ends as it began when the lake is lost: everything is written again', async () => {
    const files = await warehouse.store.list('dim_product/');
    for (const file of files) await warehouse.store.remove(file);
    await warehouse.exportAll();
    expect((await warehouse.verify()).differences).toEqual([]);
  }, 60_000);
});

describe('a file', () => {
  test('says which schema version it was written with', async () => {
    const [file] = await warehouse.store.list('dim_product/');
    const opened = await openParquet(tableOf('dim_product'), await warehouse.store.read(file!));
    expect(opened.schemaVersion).toBe(schemaVersion);
  });
});
