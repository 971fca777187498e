import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openDatabase } from '../../../../shared/database/open.ts';
import type { Database } from '../../../../shared/database/port.ts';
import { day } from '../../../../shared/platform/clock.ts';
import { connected } from '../../../../infra/local/postgres/connected.ts';
import { verifyLake } from '../../../../infra/local/lake/verify.ts';
import { Killed, killer } from '../../../support/killed-export.ts';
import { settled, type TestDatabase } from '../../../support/postgres.ts';
import { startWarehouse, type TestWarehouse } from '../../../support/warehouse.ts';

const actor = { actor: 'service:test' };
const at = new Date();

let warehouse: TestWarehouse;
const opened: (() => Promise<void>)[] = [];
beforeAll(async () => {
  warehouse = await startWarehouse(300, 5);
}, 180_000);
afterAll(async () => {
  for (const close of opened) await close();
  await warehouse.stop();
});

let orders = 0;
async function place(database: Database, quantity: number, placedAt: Date): Promise<number> {
  const limit = { limit: 1 } as const;
  const where = [{ column: 'is_active', operator: '=', value: true }] as const;
  const [product] = await database.query('sales', 'products', { where, ...limit });
  const active = [{ column: 'status', operator: '=', value: 'active' }] as const;
  const [member] = await database.query('storefront', 'members', { where: active, ...limit });
  const order = {
    ...{ member_id: member!.member_id, request_key: `order-${(orders += 1)}`, placed_at: placedAt },
    items: [{ productId: product!.product_id, quantity }],
  };
  const [placed] = await database.execute('storefront', 'place_order', order, actor);
  return placed!.order_id;
}

/** Orders, a status, a product and the version of another: what a restore takes back. */
async function work(database: Database): Promise<number[]> {
  const ids = [];
  for (const quantity of [2, 5, 9]) ids.push(await place(database, quantity, at));
  const where = [{ column: 'status', operator: '=', value: 'pending' }] as const;
  const [pending] = await database.query('logistics', 'orders', { where, limit: 1 });
  await database.execute('logistics', 'complete_order', { order_id: pending!.order_id }, actor);
  const [product] = await database.query('sales', 'products', {
    limit: 1,
    orderBy: [['product_id', 'desc']],
  });
  await database.execute('sales', 'retire_product', { product_id: product!.product_id }, actor);
  return ids;
}

/** The database as it is now, to which it is restored later. */
async function backup(): Promise<{ database: Database; of: TestDatabase }> {
  const of = await warehouse.stores.copyDatabase();
  const database = settled(openDatabase({ DARKROOM_DATABASE: of.service }), of);
  opened.push(async () => {
    await database.close();
    await of.drop();
  });
  return { database, of };
}

/**
 * Other orders under the ids of lost ones, one of them of another day. Restored, a server goes on counting where it was: so
 * what changes then is of lower numbers than what was lost.
 */
async function goOn({ database, of }: Awaited<ReturnType<typeof backup>>): Promise<number[]> {
  const ids = [await place(database, 100, at), await place(database, 1000, new Date(at.getTime() - 2 * day))];
  const rows = await database.query('warehouse', 'exports');
  const watermark = Math.max(0, ...rows.map((row) => row.watermark));
  await connected(of.owner, async (client) => {
    await client.query('SET session_replication_role = replica');
    const low = 'UPDATE orders.transactions SET changed_in = $1 WHERE transaction_id = ANY($2)';
    await client.query(low, [watermark + 1, ids]);
  });
  return ids;
}

const differences = (database: Database) =>
  warehouse.inLake(async (lake) => (await verifyLake(database, lake)).differences);

const beginEpoch = (database: Database) => database.execute('storage_writer', 'begin_epoch', { at }, actor);

describe('a database that was restored to before', () => {
  beforeEach(async () => {
    await warehouse.exportAll();
  });

  test.each([1, 2])(
    'the last %i exports leaves the lake as it is itself, to the last digit',
    async (count) => {
      const restored = await backup();
      const lost: number[] = [];
      for (let exports = 0; exports < count; exports += 1) {
        lost.push(...(await work(warehouse.database)));
        await warehouse.exportAll();
      }
      const again = await goOn(restored);
      expect(lost).toEqual(expect.arrayContaining(again));
      expect((await differences(restored.database)).length).toBeGreaterThan(5);
      await warehouse.exportAll({ database: restored.database });
      expect(await differences(restored.database)).toEqual([]);
      const next = await warehouse.exportAll({ database: restored.database });
      expect(next.map(({ changed, written }) => [changed, written])).toEqual(next.map(() => [0, 0]));
    },
    120_000,
  );

  test('an export that died, too, once it has begun an epoch', async () => {
    const restored = await backup();
    await work(warehouse.database);
    const { store, database } = killer(warehouse, 12);
    await expect(warehouse.exportAll({ store, database })).rejects.toThrow(Killed);
    await goOn(restored);
    await beginEpoch(restored.database);
    await warehouse.exportAll({ database: restored.database });
    expect(await differences(restored.database)).toEqual([]);
  }, 120_000);

  test('its own epoch is seen to be another one, however often that happens', async () => {
    const restored = await backup();
    for (let times = 0; times < 2; times += 1) {
      await beginEpoch(warehouse.database);
      await warehouse.exportAll();
    }
    await beginEpoch(restored.database);
    const done = await warehouse.exportAll({ database: restored.database });
    expect(done.find(({ table }) => table === 'fact_sales')!.written).toBeGreaterThan(3);
    expect(await differences(restored.database)).toEqual([]);
  }, 120_000);
});

test('an export of the same database that died goes on where it was, and writes nothing anew', async () => {
  await warehouse.exportAll();
  await place(warehouse.database, 3, at);
  const { store, database } = killer(warehouse, 12);
  await expect(warehouse.exportAll({ store, database })).rejects.toThrow(Killed);
  const done = await warehouse.exportAll();
  expect(done.find(({ table }) => table === 'fact_sales')!.changed).toBe(1);
  expect(await differences(warehouse.database)).toEqual([]);
}, 60_000);

test('a lake of before the exports left their numbers is written once more, and then is as any', async () => {
  await warehouse.exportAll();
  await warehouse.store.writeNote(
    'fact_sales/_export',
    JSON.stringify({ epoch: null, recorded: null, running: null, isRebuild: false }),
  );
  const [first, second] = [await warehouse.exportAll(), await warehouse.exportAll()];
  const sales = (done: typeof first) => done.find(({ table }) => table === 'fact_sales')!;
  expect([sales(first).written > 0, sales(second).written]).toEqual([true, 0]);
  expect(await differences(warehouse.database)).toEqual([]);
}, 60_000);
