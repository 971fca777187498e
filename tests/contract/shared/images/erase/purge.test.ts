import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { day } from '../../../../../shared/platform/clock.ts';
import { blobService } from '../../../../../shared/platform/blobs/blob-service.ts';
import { containers } from '../../../../../shared/platform/blobs/containers.ts';
import { imageDigest } from '../../../../../shared/platform/image-id.ts';
import { openDatabase } from '../../../../../shared/database/open.ts';
import type { Database } from '../../../../../shared/database/port.ts';
import { noCdn } from '../../../../../shared/images/erase/cdn.ts';
import { makeErase } from '../../../../../shared/images/erase/erase.ts';
import type { ErasureKind } from '../../../../../shared/images/erase/ledger/leaf.ts';
import { makePurge } from '../../../../../shared/images/erase/purge.ts';
import { makeReplayLedger } from '../../../../../shared/images/erase/replay-ledger.ts';
import { makeErasureStore } from '../../../../../shared/images/store/erasure-store.ts';
import { testSigner } from '../../../../support/functions.ts';
import { blobsOf, imageMaker, originalBytes, previewBytes } from '../../../../support/images.ts';
import { emptyStores, startStores, type TestStores } from '../../../../support/stores.ts';
import { silentLog } from '../../../../support/silent-log.ts';

const log = silentLog;
/** Between the days of `insert` and those of `images.make`. */
const now = new Date('2026-03-20T00:00:00Z');
const before = (milliseconds: number) => new Date(now.getTime() - milliseconds);

let stores: TestStores;
let database: Database;
let images: ReturnType<typeof imageMaker>;
let owner: pg.Client;
beforeAll(async () => {
  stores = await startStores();
  database = openDatabase({ DARKROOM_DATABASE: stores.database });
  images = imageMaker(stores.storage, database);
  owner = new pg.Client({ connectionString: stores.owner });
  await owner.connect();
}, 180_000);
afterAll(async () => {
  await Promise.all([database.close(), owner.end()]);
  await stores.stop();
});
beforeEach(() => emptyStores(stores));

/** Rows alone, as many as wanted, of images whose time was up at `deleteAt`. Answers their ids. */
async function insert(count: number, deleteAt: Date): Promise<string[]> {
  const { rows } = await owner.query<{ image_id: string }>(
    `INSERT INTO imaging.images (image_id, owner, source, status, content_type, bytes, width, height, sha256,
                                 correlation_id, uploaded_at, delete_at)
     SELECT gen_random_uuid(), 'ann', 'http', 'stored', 'image/png', 10, 1, 1, repeat('a', 64), 'c',
            $2::timestamptz - interval '7 days', $2::timestamptz
     FROM generate_series(1, $1) RETURNING image_id`,
    [count, deleteAt],
  );
  return rows.map((row) => row.image_id);
}
const idsLeft = async () =>
  (await database.query('storage_writer', 'images')).map((row) => row.image_id).sort();
const ledgerOf = (imageId: string) =>
  database.query('operations', 'purges', {
    where: [{ column: 'image_digest', operator: '=', value: imageDigest(imageId) }],
  });

function open(at: Date = now) {
  const clock = { now: () => at };
  const store = makeErasureStore(blobService(stores.storage));
  const erase = makeErase({ store, database, cdn: noCdn, signer: testSigner, clock });
  return { erase, purge: makePurge({ database, erase, clock, log }) };
}

describe('the purge', () => {
  test('takes an image from the moment that its time is up, not a millisecond before', async () => {
    const [due] = await insert(1, now);
    const [young] = await insert(1, before(-1));
    expect(await open().purge()).toMatchObject({ due: 1, erased: 1, dryRun: false, unfinished: false });
    expect(await idsLeft()).toEqual([young]);
    expect(await ledgerOf(due!)).toMatchObject([{ kind: 'retention' }]);
  });

  test('goes through all pages of what is due, each image once, those of one moment too', async () => {
    await insert(1_203, before(day));
    await insert(1_000, before(2 * day));
    const until = Date.now() + 30_000;
    expect(await open().purge({ dryRun: true, until })).toEqual({
      ...{ dryRun: true, due: 2_203, erased: 2_203, blobs: 2_203, bytes: 22_030, failed: 0 },
      unfinished: false,
    });
  });

  test('looks once behind a page that was full', async () => {
    await insert(1_000, before(day));
    expect(await open().purge({ dryRun: true })).toMatchObject({ due: 1_000, unfinished: false });
  });

  test('erases oldest first and stops at its deadline, with the rest left for the next run', async () => {
    const kinds: ErasureKind[] = [];
    const taken: string[] = [];
    const purge = makePurge({
      ...{ database, clock: { now: () => now }, log },
      erase: (targets, kind) => {
        kinds.push(kind);
        taken.push(...targets.map(({ imageId }) => imageId));
        return Promise.resolve({ erased: targets.length, blobs: 0, bytes: 0, failed: new Map() });
      },
    });
    await insert(500, before(day));
    const oldest = await insert(1_000, before(2 * day));
    expect(await purge({ until: Date.now() - 1 })).toMatchObject({ due: 1_000, unfinished: true });
    expect(taken.sort()).toEqual(oldest.sort());
    expect(kinds).toEqual(['retention']);
  });

  test('that has come to the end by its deadline is finished', async () => {
    await insert(3, before(day));
    expect(await open().purge({ until: Date.now() - 1 })).toMatchObject({ erased: 3, unfinished: false });
  });

  test('when dry does nothing, whoever runs it', async () => {
    const [id] = await insert(1, before(day));
    await open().purge({ dryRun: true, actor: 'eve' });
    expect([await idsLeft(), await ledgerOf(id!)]).toEqual([[id], []]);
    expect(await open().purge({ actor: 'eve' })).toMatchObject({ erased: 1 });
  });

  test('dry, counts what there is: originals, derivatives, but none of what was rejected', async () => {
    await images.make('ann', 'processed', { age: 8 * day });
    await images.make('ann', 'rejected', { age: 8 * day });
    const bytes = originalBytes.byteLength + previewBytes.byteLength;
    const report = await open(new Date()).purge({ dryRun: true });
    expect(report).toMatchObject({ due: 2, erased: 2, blobs: 2, bytes });
  });

  test('counts what could not be deleted, and goes on behind it', async () => {
    const failing = new Set(await insert(2, before(2 * day)));
    await insert(3, before(day));
    const purge = makePurge({
      ...{ database, clock: { now: () => now }, log },
      erase: (targets) => {
        const failed = new Map(
          targets.filter(({ imageId }) => failing.has(imageId)).map(({ imageId }) => [imageId, 'leased']),
        );
        return Promise.resolve({ erased: targets.length - failed.size, blobs: 1, bytes: 5, failed });
      },
    });
    expect(await purge()).toMatchObject({ due: 5, erased: 3, failed: 2, blobs: 1, bytes: 5 });
  });
});

describe('after a restore', () => {
  const replay = (options?: Parameters<ReturnType<typeof makeReplayLedger>>[0]) =>
    makeReplayLedger({ database, erase: open().erase, clock: { now: () => now }, log })(options);

  /** Erases an image and puts its row and its bytes back, as a backup of yesterday does. */
  async function restored(): Promise<string> {
    const [id] = await insert(1, before(-day));
    await open().erase([{ imageId: id!, uploadedAt: now, deleteAt: before(-day) }], 'erasure', 'ann');
    await owner.query(
      `INSERT INTO imaging.images (image_id, owner, source, status, content_type, bytes, width, height, sha256,
                                   correlation_id, uploaded_at, delete_at)
       VALUES ($1, 'ann', 'http', 'stored', 'image/png', 10, 1, 1, repeat('a', 64), 'c', $2, $3)`,
      [id, now, before(-day)],
    );
    await images.put(containers.raw, id!, originalBytes);
    return id!;
  }

  test('an image that the ledger says was erased is erased again, and no other', async () => {
    const back = await restored();
    const [kept] = await insert(1, before(-day));
    expect(await replay({ dryRun: true })).toBe(1);
    expect(await idsLeft()).toEqual([back, kept].sort());
    expect(await database.query('warehouse', 'epochs')).toEqual([]);
    expect(await replay()).toBe(1);
    expect(await database.query('warehouse', 'epochs')).toMatchObject([{ at: now }]);
    expect([await idsLeft(), await blobsOf(stores.storage, back)]).toEqual([[kept], []]);
    expect(await replay({ isSameRestore: true })).toBe(0);
    expect(await database.query('warehouse', 'epochs')).toHaveLength(1);
    expect(await replay()).toBe(0);
    expect(await database.query('warehouse', 'epochs')).toHaveLength(2);
  });

  test('one that cannot be erased again is told, not counted as erased', async () => {
    const back = await restored();
    const erase = () =>
      Promise.resolve({ erased: 0, blobs: 0, bytes: 0, failed: new Map([[back, 'leased']]) });
    const once = makeReplayLedger({ database, erase, clock: { now: () => now }, log })();
    await expect(once).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/^1 of 1 images/),
    });
    expect(await replay()).toBe(1);
  });

  test('one that only the export of a later ledger names is erased too, with an entry as by a sweep', async () => {
    const [forgotten, kept] = await insert(2, before(-day));
    expect(await replay({ digests: new Set([imageDigest(forgotten!)]) })).toBe(1);
    expect(await idsLeft()).toEqual([kept]);
    expect(await ledgerOf(forgotten!)).toMatchObject([
      { kind: 'sweep', uploaded_at: before(6 * day).toISOString(), due_at: before(-day).toISOString() },
    ]);
  });
});
