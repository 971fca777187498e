import { createHash, randomUUID } from 'node:crypto';
import pg from 'pg';
import { openDatabase } from '../../shared/database/open.ts';
import type { ViewRow } from '../../shared/database/catalog/index.ts';
import type { Database, Filter } from '../../shared/database/port.ts';
import { seedDatabase } from '../../shared/database/seed/seed.ts';
import { noCdn } from '../../shared/images/erase/cdn.ts';
import { makeErase } from '../../shared/images/erase/erase.ts';
import { makeLedgerStore } from '../../shared/images/erase/ledger/ledger-store.ts';
import { makePublishCheckpoint } from '../../shared/images/erase/ledger/publish-checkpoint.ts';
import { makeReceipts } from '../../shared/images/erase/ledger/receipt.ts';
import { makeNoteKey, noteSigner } from '../../shared/images/erase/ledger/signed-note.ts';
import { makePurge } from '../../shared/images/erase/purge.ts';
import { makeErasureStore } from '../../shared/images/store/erasure-store.ts';
import { makeImageQueries } from '../../shared/images/store/image-queries.ts';
import { makeListImages } from '../../shared/images/store/list-images.ts';
import { exportTable } from '../../shared/lake/export-table.ts';
import { requireLakeStore } from '../../shared/lake/open.ts';
import { deadLetterOrder } from '../../shared/operations/dead-letters.ts';
import { blobService } from '../../shared/platform/blobs/blob-service.ts';
import { ledgerContainer } from '../../shared/platform/blobs/containers.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import { makeLog } from '../../shared/platform/log.ts';
import { startStores } from '../support/stores.ts';
import type { Bench, Case } from './harness/bench.ts';
import { fillImages } from './support/fill-images.ts';
import { typical } from './support/typical.ts';

/** Images and orders; the other stores have ten times as many. */
const few = Number(process.env['DARKROOM_BENCH_ROWS'] ?? 50_000);
const sizes = [few, 10 * few] as const;
const callsInARun = 20;
const entriesInARun = 1_000;
const page = 50;
const [clock, log] = [systemClock, makeLog(() => undefined)];
const closers: (() => Promise<unknown>)[] = [];

interface Grown {
  readonly rows: number;
  readonly database: Database;
  readonly list: ReturnType<typeof makeListImages>;
  readonly queries: ReturnType<typeof makeImageQueries>;
  readonly purge: ReturnType<typeof makePurge>;
  readonly publish: () => Promise<unknown>;
  readonly receiptOf: ReturnType<typeof makeReceipts>;
  readonly lake: ReturnType<typeof requireLakeStore>;
  readonly client: pg.Client;
}

async function grow(rows: number): Promise<Grown> {
  const stores = await startStores();
  closers.push(() => stores.stop());
  await fillImages(stores.owner, rows);
  console.error(`  ${rows} orders`);
  await seedDatabase(stores.owner, { members: 5_000, products: 500, transactions: rows, until: clock.now() });
  const client = new pg.Client({ connectionString: stores.owner });
  await client.connect();
  await client.query('VACUUM ANALYZE');
  const database = openDatabase({ DARKROOM_DATABASE: stores.database });
  closers.unshift(
    () => database.close(),
    () => client.end(),
  );
  const signer = noteSigner(makeNoteKey('bench'));
  const files = makeLedgerStore(blobService(stores.ledger).getContainerClient(ledgerContainer), signer.name);
  const publishCheckpoint = makePublishCheckpoint({ database, store: files, signer, clock });
  const publish = () => publishCheckpoint(log);
  console.error(`  ${2 * rows} entries of the ledger`);
  await publish();
  const queries = makeImageQueries(database);
  const store = makeErasureStore(blobService(stores.storage));
  const erase = makeErase({ store, database, cdn: noCdn, clock, signer });
  return {
    ...{ rows, database, queries, publish, client },
    list: makeListImages({ database, queries, clock }),
    purge: makePurge({ database, erase, clock, log }),
    receiptOf: makeReceipts({ database, files, log: signer.name }),
    lake: requireLakeStore({
      DARKROOM_LAKE_STORAGE: stores.storage,
      DARKROOM_LAKE_CLIENT_ID: undefined,
    }),
  };
}

/** Milliseconds of the median call, each with another number. */
const calls =
  (call: (grown: Grown, n: number) => Promise<unknown>) =>
  (grown: Grown): Promise<number> => {
    let n = 0;
    return typical(() => call(grown, n++), callsInARun);
  };

async function laterPage({ list }: Grown): Promise<unknown> {
  const { next } = await list({ limit: page });
  return list({ limit: page, ...(next === null ? {} : { cursor: next }) });
}

/** As PostgreSQL's `md5(text)::uuid`, by which the rows are named. */
const idOf = (text: string): string =>
  createHash('md5')
    .update(text)
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

async function detailOf({ queries }: Grown, n: number): Promise<void> {
  const id = idOf(`image ${1 + n * 211}`);
  const [row, variants] = await Promise.all([
    queries.row(id),
    queries.variants([id]),
    queries.facts([id]),
    queries.timeline(id),
  ]);
  if (row === undefined || variants.size === 0) throw new Error(`The image ${id} is not there.`);
}

async function receipt({ receiptOf }: Grown, n: number): Promise<void> {
  const id = idOf(`erased ${1 + n * 97}`);
  const found = await receiptOf(id);
  if (found?.status !== 'complete') throw new Error(`The receipt of ${id} is ${found?.status}.`);
}

async function duePerImage({ purge }: Grown): Promise<number> {
  const began = performance.now();
  const { due } = await purge({ dryRun: true });
  if (due === 0) throw new Error('No image is due.');
  return (performance.now() - began) / due;
}

async function entryPerCheckpoint({ client, publish }: Grown): Promise<number> {
  const statement = `INSERT INTO imaging.ledger (kind, commitment, due_at)
    SELECT 'received', encode(sha256(convert_to($1 || n, 'UTF8')), 'hex'), '2026-01-08T00:00:00.000Z'
    FROM generate_series(1, $2::integer) AS n`;
  await client.query(statement, [randomUUID(), entriesInARun]);
  const began = performance.now();
  await publish();
  return (performance.now() - began) / entriesInARun;
}

const exported =
  (table: 'fact_images' | 'fact_sales') =>
  async ({ database, lake }: Grown): Promise<number> => {
    const began = performance.now();
    const { rows } = await exportTable({ database, store: lake, clock }, table, { rebuild: true });
    return (performance.now() - began) / rows;
  };

const pendingBy = (orderBy: Filter<ViewRow<'logistics', 'orders'>>['orderBy']) =>
  calls(({ database }) =>
    database.query('logistics', 'orders', {
      where: [{ column: 'status', operator: '=', value: 'pending' }],
      ...(orderBy && { orderBy }),
      limit: page,
    }),
  );

/** What it takes in milliseconds, of a call or of one item. */
const measured: Readonly<Record<string, (grown: Grown) => Promise<number>>> = {
  'a page of images': calls(({ list }) => list({ limit: page })),
  "a page of an owner's images": calls(({ list }, n) => list({ owner: `owner ${n}`, limit: page })),
  'two pages of images': calls(laterPage),
  'an image with its variants, facts and events': calls(detailOf),
  'a page of dead letters': calls(({ database }) =>
    database.query('operations', 'dead_letters', { orderBy: deadLetterOrder('desc'), limit: page }),
  ),
  'a page of pending orders, oldest first': pendingBy([
    ['placed_at', 'asc'],
    ['order_id', 'asc'],
  ]),
  'a page of pending orders, heaviest first': pendingBy([
    ['total_weight', 'desc'],
    ['order_id', 'desc'],
  ]),
  'the items of an order': calls(({ database }, n) =>
    database.query('logistics', 'order_items', {
      where: [{ column: 'order_id', operator: '=', value: 1 + n * 101 }],
    }),
  ),
  'a receipt with its proof': calls(receipt),
  'a purge: each image that is due': duePerImage,
  'a checkpoint: each new entry': entryPerCheckpoint,
  'an export of images: each row': exported('fact_images'),
  'an export of sales: each row': exported('fact_sales'),
};

export default {
  about: `lists, purge, ledger and export with ten times the rows (${few} to ${10 * few})`,
  async cases() {
    const grown = [await grow(sizes[0]), await grow(sizes[1])] as const;
    return Object.entries(measured).map(([name, take]): Case => {
      const [small, large] = grown.map((one) => [`${one.rows} rows`, () => take(one)] as const);
      return {
        name,
        unit: 'growth',
        runs: 5,
        warmUps: 1,
        contenders: Object.fromEntries([small!, large!]),
        compare: [[large![0], small![0]]],
      };
    });
  },
  async close() {
    for (const close of closers) await close();
  },
} satisfies Bench;
