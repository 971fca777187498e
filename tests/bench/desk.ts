import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { postgresFolder } from '../../infra/local/postgres/account.ts';
import { ownerAddress, serviceAddress } from '../../infra/local/postgres/addresses.ts';
import { openDatabase } from '../../shared/database/open.ts';
import type { Database } from '../../shared/database/port.ts';
import { seedDatabase } from '../../shared/database/seed/seed.ts';
import { runComponent, type TestComponent } from '../support/component.ts';
import type { Bench, Case } from './harness/bench.ts';

/** DARKROOM_BENCH_TRANSACTIONS makes it smaller. The rows are made once and kept in the temporary directory. */
const transactions = Number(process.env['DARKROOM_BENCH_TRANSACTIONS'] ?? 1_000_000);
const directory = join(tmpdir(), `darkroom-bench-orders-${transactions}`);
/** Orders end here, so that kept rows and new ones are the same. */
const until = new Date('2026-06-30T18:00:00.000Z');
const day = '2026-06-30';
const callsInARun = 20;

let part: TestComponent | undefined;
let database: Database | undefined;

async function open(): Promise<Database> {
  mkdirSync(directory, { recursive: true });
  part = await runComponent('infra/local/postgres/main.ts', ['--state', directory]);
  const [folder, port] = [postgresFolder(directory), Number(part.announcement['port'])];
  const marker = join(directory, 'seeded');
  if (!existsSync(marker)) {
    const started = performance.now();
    await seedDatabase(
      ownerAddress(folder, port),
      { members: 50_000, products: 1_000, transactions, until },
      (table, done, all) => {
        if (done % 100_000 === 0 || done === all) console.error(`  seeding ${table}: ${done} of ${all}`);
      },
    );
    const seconds = Math.round((performance.now() - started) / 1000);
    writeFileSync(marker, `${seconds} s\n`);
    console.error(`  ${transactions} orders in ${seconds} s`);
  }
  database = openDatabase({ DARKROOM_DATABASE: serviceAddress(folder, [port]) });
  return database;
}

/** The share-th part of the calls is not slower than what it answers. */
const percentile = (share: number, call: () => Promise<unknown>) => async (): Promise<number> => {
  const times: number[] = [];
  for (let n = 0; n < callsInARun; n += 1) {
    const started = performance.now();
    await call();
    times.push(performance.now() - started);
  }
  return times.sort((left, right) => left - right)[Math.ceil(share * callsInARun) - 1]!;
};

const is = <C extends string, V>(column: C, value: V) => ({ column, operator: '=', value }) as const;
const placed = [
  ['placed_at', 'asc'],
  ['order_id', 'asc'],
] as const;
const heaviest = [
  ['total_weight', 'desc'],
  ['order_id', 'desc'],
] as const;
const byName = [
  ['name', 'asc'],
  ['product_id', 'asc'],
] as const;
const month = [
  { column: 'day', operator: '>=', value: '2026-06-01' },
  { column: 'day', operator: '<=', value: day },
] as const;
const range = { from_day: '2026-06-01', to_day: day };
const actor = { actor: 'service:bench' };
/** A page of fifty, and one more to see that there is a next. */
const limit = 51;

/** What the routes of the desks ask, as they ask it. */
function queriesOf(db: Database): Record<string, () => Promise<unknown>> {
  const orders = (filter: Parameters<typeof db.query<'logistics', 'orders'>>[2]) => () =>
    db.query('logistics', 'orders', { limit, ...filter });
  return {
    'unfulfilled orders of a day': orders({
      where: [is('placed_day', day), is('status', 'pending')],
      orderBy: placed,
    }),
    'unfulfilled orders of all days': orders({ where: [is('status', 'pending')], orderBy: placed }),
    'every order, a later page': orders({ orderBy: placed, after: [new Date('2026-03-01'), 4_711] }),
    'every order, the heaviest first': orders({ orderBy: heaviest }),
    'items of an order': () =>
      db.query('logistics', 'order_items', { where: [is('order_id', 4_711)], orderBy: [['line', 'asc']] }),
    'sums of a day': () => db.query('logistics', 'daily', { where: [is('day', day)] }),
    'daily sums of a month': () =>
      db.query('logistics', 'daily', { where: month, orderBy: [['day', 'asc']] }),
    products: () => db.query('sales', 'products', { orderBy: byName, limit }),
    'search of products': () => {
      const value = 'tripod';
      const any = [
        { column: 'name', operator: 'contains', value },
        { column: 'manufacturer', operator: 'contains', value },
      ] as const;
      return db.query('sales', 'products', { where: [{ any }], orderBy: byName, limit });
    },
    'sales by day of a month': () =>
      db.query('analytics', 'sales_by_day', { where: month, orderBy: [['day', 'asc']] }),
    'sales by product of a month': () => db.execute('analytics', 'product_totals', range, actor),
    'sales by membership of a month': () => db.execute('analytics', 'membership_totals', range, actor),
    'membership of a month': () => db.query('analytics', 'membership', { where: month }),
  };
}

async function cases(): Promise<Case[]> {
  const db = await open();
  const primaryKey = (): Promise<unknown> =>
    db.query('logistics', 'orders', { where: [{ column: 'order_id', operator: '=', value: 4_711 }] });
  return Object.entries(queriesOf(db)).flatMap(([name, query]) =>
    (
      [
        ['p50', 0.5],
        ['p95', 0.95],
      ] as const
    ).map(([label, share]): Case => ({
      name: `${name}, ${label}`,
      unit: 'ms',
      contenders: { query: percentile(share, query), 'primary key': percentile(share, primaryKey) },
      compare: [['query', 'primary key']],
      runs: 5,
      warmUps: 1,
    })),
  );
}

const bench: Bench = {
  about: 'each query of the desks beside a bare primary-key read, on a million orders (PostgreSQL)',
  cases,
  async close() {
    await database?.close();
    await part?.stop();
  },
};

export default bench;
