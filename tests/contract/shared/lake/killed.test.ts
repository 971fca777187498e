import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { exportTable } from '../../../../shared/lake/export-table.ts';
import type { LakeTableName } from '../../../../shared/lake/schema-types.ts';
import { day, systemClock } from '../../../../shared/platform/clock.ts';
import { Killed, killer } from '../../../support/killed-export.ts';
import { startWarehouse, type TestWarehouse } from '../../../support/warehouse.ts';

let warehouse: TestWarehouse;
beforeAll(async () => {
  warehouse = await startWarehouse(600, 6);
  await warehouse.exportAll();
}, 180_000);
afterAll(() => warehouse.stop());

let round = 0;
/** Something in each table: new orders on several days, a completed one, a corrected product, a member who changes. */
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
  await database.execute(
    'storefront',
    'change_membership',
    {
      member_id: buyer!.member_id,
      membership: round % 2 === 0 ? 'standard' : 'plus',
      status: 'active',
      reason: 'test',
    },
    actor,
  );
}

/** Rows as a reader finds them at this moment; none may be there twice. Answers how many orders. */
async function seenByAReader(): Promise<number> {
  const sql = `
    SELECT count(*), count(DISTINCT order_id), 0 FROM fact_transactions UNION ALL
    SELECT count(*), count(DISTINCT (order_id, line)), 1 FROM fact_sales UNION ALL
    SELECT count(*), count(DISTINCT product_key), 2 FROM dim_product UNION ALL
    SELECT count(*), count(DISTINCT (member_key, version)), 3 FROM dim_member ORDER BY 3`;
  const { rows } = await warehouse.inLake((lake) => lake.ask(sql));
  for (const [all, distinct] of rows) expect(all).toEqual(distinct);
  return Number(rows[0]![0]);
}

async function expectAgreement(): Promise<void> {
  expect((await warehouse.verify()).differences).toEqual([]);
}

test('killed between any two steps, an export leaves nothing twice and nothing missing, and the next one ends its work', async () => {
  await changeSomething();
  const whole = killer(warehouse);
  await warehouse.exportAll(whole);
  const steps = whole.steps();
  expect(steps).toBeGreaterThan(40);

  let seen = await seenByAReader();
  for (let after = 0; after < steps; after += 1) {
    await changeSomething();
    await expect(warehouse.exportAll(killer(warehouse, after))).rejects.toThrow(Killed);
    const now = await seenByAReader();
    expect(now).toBeGreaterThanOrEqual(seen);
    seen = now;
    if (after % 8 !== 0) continue;
    await warehouse.exportAll();
    await expectAgreement();
  }
  await warehouse.exportAll();
  await expectAgreement();
}, 300_000);

test('a reader who looks all the time sees no row twice and none vanish, while exports replace the files', async () => {
  const looks: number[] = [];
  const end = new AbortController();
  const reading = (async () => {
    while (!end.signal.aborted) looks.push(await seenByAReader());
  })();
  for (let times = 0; times < 8; times += 1) {
    await changeSomething();
    await warehouse.exportAll();
  }
  end.abort();
  await reading;
  expect(looks.length).toBeGreaterThan(3);
  expect(looks).toEqual([...looks].sort((left, right) => left - right));
  await expectAgreement();
}, 180_000);

test('killed between any two steps of writing it anew, a table without rows has a file', async () => {
  const { database, store } = warehouse;
  const tables = (await warehouse.exportAll()).filter(({ rows }) => rows === 0).map(({ table }) => table);
  expect(tables).not.toEqual([]);
  const rebuild = (table: LakeTableName, stores: Pick<TestWarehouse, 'database' | 'store'>) =>
    exportTable({ clock: systemClock, ...stores }, table, { rebuild: true });
  for (const table of tables) {
    const whole = killer(warehouse);
    await rebuild(table, whole);
    for (let after = 0; after < whole.steps(); after += 1) {
      await expect(rebuild(table, killer(warehouse, after))).rejects.toThrow(Killed);
      expect(await store.list(`${table}/`)).not.toEqual([]);
    }
    await rebuild(table, { database, store });
  }
  await expectAgreement();
}, 120_000);

test('a process that is killed in the middle of writing everything leaves a lake that the next export makes whole', async () => {
  const command = fileURLToPath(new URL('../../../../cli/main.ts', import.meta.url));
  const { storage, database } = warehouse.stores;
  const given = ['--storage', storage, '--database', database];
  let killed = 0;
  for (const milliseconds of [700, 900, 1_100, 1_300, 1_500]) {
    const cli = spawn(process.execPath, ['--no-warnings', command, 'lake', 'export', '--rebuild', ...given]);
    const exited = once(cli, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
    await sleep(milliseconds);
    cli.kill('SIGKILL');
    const [, signal] = await exited;
    if (signal === 'SIGKILL') killed += 1;
    await seenByAReader();
  }
  expect(killed).toBeGreaterThan(0);
  await warehouse.exportAll();
  await expectAgreement();
}, 120_000);

test('two exports at once come to what one would have written', async () => {
  for (let times = 0; times < 3; times += 1) {
    await changeSomething();
    await Promise.all([warehouse.exportAll(), warehouse.exportAll()]);
    await expectAgreement();
  }
}, 180_000);
