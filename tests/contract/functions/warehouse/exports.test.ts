import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { InvocationContext, type Timer } from '@azure/functions';
import { hour } from '../../../../shared/platform/clock.ts';
import { registeredRoutes } from '../../../../functions/register-route.ts';
import { composition } from '../../../../functions/composition.ts';
import { exportWarehouse } from '../../../../functions/warehouse/export-timer.ts';
import '../../../../functions/warehouse/index.ts';
import '../../../../functions/operations/list-exports.ts';
import { caller, configure } from '../../../support/functions.ts';
import { startIssuer, type TestIssuer } from '../../../support/issuer.ts';
import { startWarehouse, type TestWarehouse } from '../../../support/warehouse.ts';

interface Freshness {
  readonly table: string;
  readonly watermark: number;
  readonly rows: number;
  readonly files: number;
  readonly bytes: number;
  readonly exportedAt: string;
  readonly ageSeconds: number;
}

const orders = 120;
let warehouse: TestWarehouse;
let issuer: TestIssuer;
let clock: ReturnType<typeof configure>;
const send = caller(registeredRoutes());
beforeAll(async () => {
  [warehouse, issuer] = await Promise.all([startWarehouse(orders, 3), startIssuer()]);
  clock = configure(warehouse.stores, issuer);
  Object.assign(process.env, { DARKROOM_LAKE_STORAGE: warehouse.stores.storage });
  await warehouse.stores.settle();
}, 180_000);
afterAll(async () => {
  await composition.close();
  await issuer.close();
  await warehouse.stop();
});

async function ask(method: 'GET' | 'POST', role: string, json?: unknown) {
  const headers = { authorization: `Bearer ${await issuer.token({ oid: 'eve', roles: [role] })}` };
  const answer = await send(method, '/api/operations/exports', {
    headers,
    ...(json === undefined ? {} : { json }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

async function freshness(): Promise<Freshness> {
  const { status, body } = await ask('GET', 'Engineering');
  expect(status).toBe(200);
  return (body['exports'] as Freshness[]).find(({ table }) => table === 'fact_transactions')!;
}

async function placeAnOrder(key: string) {
  const { database } = warehouse;
  const [buyer] = await database.query('storefront', 'members', {
    where: [{ column: 'status', operator: '=', value: 'active' }],
    limit: 1,
  });
  const [product] = await database.query('storefront', 'products', { limit: 1 });
  const items = [{ productId: product!.product_id, quantity: 1 }];
  const order = { member_id: buyer!.member_id, request_key: key, items };
  await database.execute('storefront', 'place_order', order, { actor: 'service:test' });
  await warehouse.stores.settle();
}

test.each(['Analytics', 'Logistics', 'Sales', 'Uploader'])(
  '%s may neither start an export nor see how far it is',
  async (role) => {
    expect(await ask('POST', role, {})).toMatchObject({ status: 403 });
    expect(await ask('GET', role)).toMatchObject({ status: 403 });
  },
);

test('an export on demand answers what it did, and operations show rows, files, bytes and watermark of it', async () => {
  const { status, body } = await ask('POST', 'Engineering', {});
  expect(status).toBe(200);
  const done = (body['tables'] as (Freshness & { changed: number })[]).find(
    ({ table }) => table === 'fact_transactions',
  )!;
  expect(done).toMatchObject({ changed: orders, rows: orders });
  const { rows, files, bytes, watermark } = done;
  expect(await freshness()).toMatchObject({ rows, files, bytes, watermark });
}, 60_000);

test('the age of a watermark grows until the timer has exported, also when there was nothing to export', async () => {
  const before = await freshness();
  expect(before.ageSeconds).toBeLessThan(60);
  clock.moveClock(2 * hour);
  expect((await freshness()).ageSeconds).toBeGreaterThanOrEqual(2 * 60 * 60);
  const context = new InvocationContext({ functionName: 'exportWarehouse', logHandler: () => undefined });
  await exportWarehouse({} as Timer, context);
  const after = await freshness();
  expect(after.ageSeconds).toBeLessThan(60);
  expect(after.watermark).toBe(before.watermark);
}, 60_000);

test('a new order is one more row and a higher watermark once it is exported, and not before', async () => {
  const before = await freshness();
  await placeAnOrder('one more');
  expect(await freshness()).toMatchObject({ rows: before.rows, watermark: before.watermark });
  await ask('POST', 'Engineering', {});
  const after = await freshness();
  expect(after.rows).toBe(before.rows + 1);
  expect(after.watermark).toBeGreaterThan(before.watermark);
}, 60_000);
