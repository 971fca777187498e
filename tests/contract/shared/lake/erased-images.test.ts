import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { day, shiftedClock, type Clock } from '../../../../shared/platform/clock.ts';
import type { Database } from '../../../../shared/database/port.ts';
import { makeErase } from '../../../../shared/images/erase/erase.ts';
import { noCdn } from '../../../../shared/images/erase/cdn.ts';
import { makePurge } from '../../../../shared/images/erase/purge.ts';
import { imageDigest } from '../../../../shared/platform/image-id.ts';
import { processLog } from '../../../../shared/platform/log.ts';
import { containers } from '../../../../shared/platform/blobs/containers.ts';
import { blobService } from '../../../../shared/platform/blobs/blob-service.ts';
import { makeErasureStore } from '../../../../shared/images/store/erasure-store.ts';
import { makeLakeEraser } from '../../../../shared/lake/erase-images.ts';
import { exportTable } from '../../../../shared/lake/export-table.ts';
import { reconcileImages } from '../../../../shared/lake/reconcile-images.ts';
import { compactLake } from '../../../../shared/lake/compact.ts';
import { lakeTables } from '../../../../shared/lake/schema.ts';
import { testSigner } from '../../../support/functions.ts';
import { imageMaker } from '../../../support/images.ts';
import { startWarehouse, type TestWarehouse } from '../../../support/warehouse.ts';

let warehouse: TestWarehouse;
let images: ReturnType<typeof imageMaker>;
beforeAll(async () => {
  warehouse = await startWarehouse(50, 2);
  images = imageMaker(warehouse.stores.storage, warehouse.database);
}, 180_000);
afterAll(() => warehouse.stop());

const eraser = (clock: Clock, database: Database = warehouse.database) => {
  const store = makeErasureStore(blobService(warehouse.stores.storage));
  const lake = makeLakeEraser(warehouse.store);
  const erase = makeErase({ store, database, cdn: noCdn, signer: testSigner, clock, lake });
  return { erase, purge: makePurge({ database, erase, clock, log: processLog({}) }) };
};
const now: Clock = { now: () => new Date() };

const idsInLake = async () =>
  (await warehouse.inLake(async (lake) => (await lake.ask('SELECT image_id FROM fact_images')).rows)).map(
    ([id]) => id as string,
  );
const totals = () =>
  warehouse.inLake(
    async (lake) =>
      (await lake.ask('SELECT day, source, images, bytes FROM agg_images_daily ORDER BY ALL')).rows,
  );
/** Every value of every Parquet file, whatever its columns, and every byte of every blob: footers, statistics and all. */
async function everythingInTheLake(): Promise<string> {
  const values = await warehouse.inLake(async (lake) => {
    const all: string[] = [];
    for (const table of lakeTables) {
      const files = `read_parquet('${lake.directory}/${table}/**/*.parquet', union_by_name = true)`;
      const { rows } = await lake.ask(`SELECT CAST(t AS VARCHAR) FROM ${files} AS t`);
      all.push(...rows.map(([row]) => row as string));
    }
    return all;
  });
  const container = blobService(warehouse.stores.storage).getContainerClient(containers.lake);
  for await (const { name } of container.listBlobsFlat({ includeUncommitedBlobs: true })) {
    const blob = container.getBlobClient(name);
    values.push(name);
    if (await blob.exists()) values.push((await blob.downloadToBuffer()).toString('latin1'));
  }
  return values.join('\n');
}

/** Of the image's bytes, as its row has it; what never was an image has none. */
async function contentDigest(id: string): Promise<string | null> {
  const [image] = await warehouse.database.query('storage_reader', 'images', {
    where: [{ column: 'image_id', operator: '=', value: id }],
  });
  return image!.sha256;
}

test('a purge takes the rows of erased images out of every file, says so in the ledger, and leaves the daily totals', async () => {
  const old = [
    await images.make('ann', 'processed', { age: 3 * day }),
    await images.make('ann', 'rejected', { age: 3 * day }),
  ];
  const young = await images.make('bob', 'processed');
  await warehouse.exportAll();
  expect((await idsInLake()).sort()).toEqual([...old, young].sort());
  const full = await everythingInTheLake();
  for (const id of [...old, young]) expect(full).toContain(id);
  const [content] = await Promise.all(old.map(contentDigest));
  expect(content).toMatch(/^[0-9a-f]{64}$/);
  const before = await totals();

  const later = shiftedClock(() => 5 * day);
  expect(await eraser(later).purge()).toMatchObject({ erased: 2, failed: 0 });

  expect(await idsInLake()).toEqual([young]);
  const text = await everythingInTheLake();
  expect(text).not.toContain(content);
  for (const id of old) {
    const digests = [imageDigest(id), createHash('sha256').update(id).digest('hex')];
    for (const trace of [id, id.replaceAll('-', ''), ...digests]) expect(text).not.toContain(trace);
    const [entry] = await warehouse.database.query('operations', 'purges', {
      where: [{ column: 'image_digest', operator: '=', value: imageDigest(id) }],
    });
    expect(entry).toMatchObject({ lake_rows: 1 });
  }
  await warehouse.exportAll();
  expect(await totals()).toEqual(before);
  expect(await idsInLake()).toEqual([young]);
  expect((await warehouse.verify()).differences).toEqual([]);
}, 180_000);

/** A database whose stream waits, after it was opened, until it is let go on: what was read is old by then. */
function slowDatabase() {
  const opened = Promise.withResolvers<undefined>();
  const goOn = Promise.withResolvers<undefined>();
  const { database } = warehouse;
  const slow = {
    ...database,
    async *stream(...call: Parameters<Database['stream']>) {
      const batches: unknown[] = [];
      for await (const batch of database.stream(...call)) batches.push(batch);
      opened.resolve(undefined);
      await goOn.promise;
      yield* batches;
    },
  } as unknown as Database;
  return { slow, opened: opened.promise, goOn: () => goOn.resolve(undefined) };
}

test.each([
  ['whose day has a file', 0],
  ['whose day has none yet', 4 * day],
])(
  'an export that read an image before its erasure cannot write it afterwards, %s',
  async (_title, age) => {
    const id = await images.make('ann', 'processed', { age });
    const { slow, opened, goOn } = slowDatabase();
    const parts = { database: slow, store: warehouse.store, clock: now };
    const exporting = exportTable(parts, 'fact_images');
    await opened;
    const uploadedAt = new Date(Date.now() - age);
    const target = { imageId: id, uploadedAt, deleteAt: new Date(uploadedAt.getTime() + 7 * day) };
    await eraser(now).erase([target], 'erasure', 'ann');
    goOn();
    await exporting;
    expect(await idsInLake()).not.toContain(id);
  },
  60_000,
);

test('what an erasure that died halfway left in the lake goes with the next reconciliation', async () => {
  const id = await images.make('ann', 'processed');
  await exportTable({ database: warehouse.database, store: warehouse.store, clock: now }, 'fact_images');
  const uploadedAt = new Date();
  const target = { imageId: id, uploadedAt, deleteAt: new Date(uploadedAt.getTime() + 7 * day) };
  const store = makeErasureStore(blobService(warehouse.stores.storage));
  const { database } = warehouse;
  await makeErase({ store, database, cdn: noCdn, signer: testSigner, clock: now })(
    [target],
    'erasure',
    'ann',
  );
  expect(await idsInLake()).toContain(id);
  expect(await reconcileImages({ database, store: warehouse.store })).toMatchObject({ removed: 1 });
  expect(await idsInLake()).not.toContain(id);
}, 180_000);

test.each([[[0]], [[5]], [[0, 1, 5]], [[2, 3]], [[0, 2, 4]], [[0, 1, 2, 3, 4, 5]]])(
  'rows number %j of six leave the file, and all others stay as they are',
  async (gone) => {
    const age = 2 * day;
    await Promise.all(Array.from({ length: 6 }, () => images.make('ann', 'processed', { age })));
    const parts = { database: warehouse.database, store: warehouse.store, clock: now };
    await exportTable(parts, 'fact_images');
    const uploadedAt = new Date(Date.now() - age);
    const rowsOfTheDay = async () => {
      const of = `day = DATE '${uploadedAt.toISOString().slice(0, 10)}'`;
      const sql = `SELECT image_id, uploaded_at, bytes, variants, changed FROM fact_images WHERE ${of}`;
      return (await warehouse.inLake((lake) => lake.ask(sql))).rows;
    };
    const before = await rowsOfTheDay();
    const last = before.length - 6;
    const erased = gone.map((index) => ({ imageId: before[last + index]![0] as string, uploadedAt }));
    const counts = await makeLakeEraser(warehouse.store).eraseImages(erased);
    expect([...counts.values()]).toEqual(gone.map(() => 1));
    expect(await rowsOfTheDay()).toEqual(before.filter((_, index) => !gone.includes(index - last)));
  },
  60_000,
);

test('compaction removes days of images that are over, and changes no figure', async () => {
  const before = (await warehouse.verify()).differences;
  const later = shiftedClock(() => 6 * day);
  const done = await compactLake({ store: warehouse.store, clock: later });
  expect(done.find(({ table }) => table === 'fact_images')?.removed).toBeGreaterThan(0);
  expect((await warehouse.verify()).differences).toEqual(before);
}, 180_000);
