import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { day } from '../../../../shared/clock.ts';
import type { Database } from '../../../../shared/database/port.ts';
import type { LakeStore } from '../../../../shared/storage/lake/port.ts';
import { startWarehouse, type TestWarehouse } from '../../../support/warehouse.ts';

let warehouse: TestWarehouse;
beforeAll(async () => {
  warehouse = await startWarehouse(600, 6);
  await warehouse.exportAll();
}, 180_000);
afterAll(() => warehouse.stop());

class Killed extends Error {}

/** Counts the steps of an export and ends it at one of them, before or after it has taken effect. */
function killer(at: number, when: 'before' | 'after') {
  let steps = 0;
  const step = async <T>(run: () => Promise<T>): Promise<T> => {
    steps += 1;
    if (steps > at || (steps === at && when === 'before')) throw new Killed();
    const result = await run();
    if (steps === at) throw new Killed();
    return result;
  };
  const { store, database } = warehouse;
  const killedStore: LakeStore = {
    ...store,
    list: (prefix) => step(() => store.list(prefix)),
    read: (file) => step(() => store.read(file)),
    replace(path, replaces) {
      const write = store.replace(path, replaces);
      return {
        write: (bytes) => step(() => write.write(bytes)),
        commit: (rows) => step(() => write.commit(rows)),
      };
    },
  };
  const killedDatabase = {
    ...database,
    execute: (...call: Parameters<Database['execute']>) => step(() => database.execute(...call)),
  };
  return { store: killedStore, database: killedDatabase, steps: () => steps };
}

let round = 0;
/** Something in each table: new orders on several days, a completed one, a corrected product, a member who leaves. */
async function changeSomething() {
  const { database } = warehouse;
  const actor = { actor: 'service:test' };
  round += 1;
  const [buyer] = await database.query('storefront', 'members', {
    where: [{ column: 'status', operator: '=', value: 'active' }],
    limit: 1,
  });
  const [product] = await database.query('sales', 'products', {
    where: [{ column: 'is_active', operator: '=', value: true }],
    limit: 1,
  });
  for (const age of [0, 2, 9]) {
    await database.execute(
      'storefront',
      'place_order',
      {
        member_id: buyer!.member_id,
        request_key: `round ${round} ${age}`,
        items: [{ productId: product!.product_id, quantity: 1 + (round % 4) }],
        placed_at: new Date(Date.now() - age * day),
      },
      actor,
    );
  }
  const { product_id, row_version, name, manufacturer, weight } = product!;
  await database.execute(
    'sales',
    'correct_product',
    { product_id, row_version, name, manufacturer, weight, cost: `${round}.9900` },
    actor,
  );
}

/** Orders, items and versions as a reader finds them at this moment; none may be there twice. */
async function seenByAReader(): Promise<number> {
  const sql = `
    SELECT count(*), count(DISTINCT order_id), 0 FROM fact_transactions UNION ALL
    SELECT count(*), count(DISTINCT (order_id, line)), 1 FROM fact_sales UNION ALL
    SELECT count(*), count(DISTINCT product_key), 2 FROM dim_product ORDER BY 3`;
  const { rows } = await warehouse.inLake((lake) => lake.ask(sql));
  for (const [all, distinct] of rows) expect(all).toEqual(distinct);
  return Number(rows[0]![0]);
}

test('killed at any step, before or after it, an export leaves nothing twice and nothing missing, and the next one ends its work', async () => {
  await changeSomething();
  const whole = killer(Infinity, 'after');
  await warehouse.exportAll(whole);
  const steps = whole.steps();
  expect(steps).toBeGreaterThan(20);

  let seen = await seenByAReader();
  for (let at = 1; at <= steps; at += 1) {
    const when = at % 2 === 0 ? 'before' : 'after';
    await changeSomething();
    await expect(warehouse.exportAll(killer(at, when))).rejects.toThrow(Killed);
    const now = await seenByAReader();
    expect(now).toBeGreaterThanOrEqual(seen);
    seen = now;
    if (at % 8 !== 0) continue;
    await warehouse.exportAll();
    expect((await warehouse.verify()).differences).toEqual([]);
  }
  await warehouse.exportAll();
  expect((await warehouse.verify()).differences).toEqual([]);
}, 240_000);

test('two exports at once come to what one would have written', async () => {
  for (let times = 0; times < 3; times += 1) {
    await changeSomething();
    await Promise.all([warehouse.exportAll(), warehouse.exportAll()]);
    expect((await warehouse.verify()).differences).toEqual([]);
  }
}, 180_000);
