import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { postgresFolder } from '../../infra/local/postgres/account.ts';
import { ownerAddress } from '../../infra/local/postgres/addresses.ts';
import { openDatabase } from '../../shared/database/open.ts';
import type { Database } from '../../shared/database/port.ts';
import { eventually } from '../support/eventually.ts';
import { quarters } from './support/pictures.ts';
import { startPatience, startTestStack, type TestStack } from './support/stack.ts';

interface Figures {
  readonly totals: { readonly orders: number };
  readonly asOf: string;
  readonly source: {
    readonly kind: string;
    readonly lagSeconds: number;
    readonly isConnected: boolean;
  };
}

let stack: TestStack;
let database: Database;
beforeAll(async () => {
  stack = await startTestStack({ hasReplica: true });
  database = openDatabase({ DARKROOM_DATABASE: stack.endpoints.database });
}, startPatience);
afterAll(async () => {
  await database.close();
  await stack.stop();
}, 60_000);

async function figures(): Promise<Figures> {
  const response = await stack.call('analytics', '/analytics/sales');
  expect(response.status).toBe(200);
  return (await response.json()) as Figures;
}

async function placeOrder(): Promise<number> {
  const actor = { actor: 'service:test' };
  const member = {
    ...{ name: 'A member', email: `${randomUUID()}@example.com`, date_of_birth: '1990-02-28' },
    ...{ mobile: '+49 151 1234567', membership: 'plus' },
  };
  const [registered] = await database.execute('storefront', 'register_member', member, actor);
  const [product] = await database.query('sales', 'products', { limit: 1 });
  const [order] = await database.execute(
    'storefront',
    'place_order',
    {
      member_id: registered!.member_id,
      items: [{ productId: product!.product_id, quantity: 1 }],
      request_key: randomUUID(),
    },
    actor,
  );
  return order!.order_id;
}

async function asOwner(port: number, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerAddress(postgresFolder(stack.stateDir), port) });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

test('figures come from the replica, and say how old they are', async () => {
  const { source, asOf } = await figures();
  expect(source).toMatchObject({ kind: 'replica', isConnected: true });
  expect(source.lagSeconds).toBeLessThan(10);
  expect(Math.abs(Date.now() - source.lagSeconds * 1000 - Date.parse(asOf))).toBeLessThan(5_000);
});

test('while replication is paused they are the old ones, with their age; then the new ones come', async () => {
  const before = await figures();
  await asOwner(stack.ports.replica, 'SELECT pg_wal_replay_pause()');
  const pausedAt = Date.now();
  await placeOrder();
  await sleep(3_000);
  const paused = await figures();
  expect(paused.totals.orders).toBe(before.totals.orders);
  expect(paused.source).toMatchObject({ kind: 'replica', isConnected: true });
  expect(paused.source.lagSeconds).toBeGreaterThan(2);
  expect(Date.parse(paused.asOf)).toBeLessThan(pausedAt + 1_500);
  await asOwner(stack.ports.replica, 'SELECT pg_wal_replay_resume()');
  const current = async () =>
    (await figures()).totals.orders === before.totals.orders + 1 ? true : undefined;
  expect(await eventually(current, { within: 20_000 })).toBe(true);
}, 60_000);

test('while the primary is stopped they still come, and say that it does not answer', async () => {
  const before = await figures();
  const component = stack.pid('database-one')!;
  const file = join(postgresFolder(stack.stateDir), 'one', 'postmaster.pid');
  // The component cannot start its server again before it goes on itself.
  process.kill(component, 'SIGSTOP');
  process.kill(Number(readFileSync(file, 'utf8').split('\n')[0]), 'SIGKILL');
  await sleep(2_500);
  const without = await figures();
  expect(without.totals).toEqual(before.totals);
  expect(without.source).toMatchObject({ kind: 'replica', isConnected: false });
  expect(without.source.lagSeconds).toBeGreaterThan(2);
  process.kill(component, 'SIGCONT');
  const back = async () => ((await figures()).source.isConnected ? true : undefined);
  expect(await eventually(back, { within: 60_000 })).toBe(true);
}, 120_000);

/** Completes orders and sends images, as clients do: again until they are acknowledged. */
async function work(isOver: () => boolean) {
  const completed: number[] = [];
  const images: string[] = [];
  const orders = async () => {
    while (!isOver()) {
      const order = await placeOrder().catch(() => undefined);
      if (order === undefined) continue;
      const answer = await database
        .execute('logistics', 'complete_order', { order_id: order }, { actor: 'mia' })
        .catch(() => undefined);
      if (answer !== undefined) completed.push(order);
    }
  };
  const uploads = async () => {
    for (let seed = 0; !isOver(); seed += 1) {
      const body = Uint8Array.from(await quarters(200, 120, seed).png().toBuffer());
      const headers = { 'content-type': 'image/png' };
      const response = await stack.call('uploader', '/images', { method: 'POST', headers, body });
      if (response.status !== 202) continue;
      images.push(((await response.json()) as { images: { id: string }[] }).images[0]!.id);
      await sleep(250);
    }
  };
  await Promise.all([orders(), orders(), uploads()]);
  return { completed, images };
}

test('two failovers under load, there and back: nothing that was committed is lost', async () => {
  let over = false;
  const working = work(() => over);
  await sleep(1_000);
  const [there, back] = [await stack.failOver(), await stack.failOver()];
  await sleep(1_000);
  over = true;
  const { completed, images } = await working;
  expect([there, back].map(({ from, to, lost }) => [from, to, lost])).toEqual([
    ['one', 'two', 0],
    ['two', 'one', 0],
  ]);
  expect(there.tables.length).toBeGreaterThan(15);
  expect(completed.length).toBeGreaterThan(10);
  const rows = await database.query('logistics', 'orders', {
    where: [{ column: 'order_id', operator: 'in', value: completed }],
  });
  expect(rows.filter(({ status }) => status === 'completed')).toHaveLength(completed.length);
  expect(images.length).toBeGreaterThan(3);
  for (const id of images) expect([id, (await stack.outcome(id)).status]).toEqual([id, 'processed']);
  expect((await figures()).source.kind).toBe('replica');
}, 300_000);
