import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openDatabase } from '../../../../../shared/database/open.ts';
import type { Database } from '../../../../../shared/database/port.ts';
import { makeExpireUploads } from '../../../../../shared/images/erase/expire-uploads.ts';
import type { Erase } from '../../../../../shared/images/erase/erase.ts';
import { openErasure } from '../../../../../shared/images/erase/open.ts';
import { openExpiredUploads, openUploads } from '../../../../../shared/images/receive/uploads/open.ts';
import type { Uploads } from '../../../../../shared/images/receive/uploads/uploads.ts';
import { blobService } from '../../../../../shared/platform/blobs/blob-service.ts';
import { day, hour } from '../../../../../shared/platform/clock.ts';
import type { Settings } from '../../../../../shared/platform/config.ts';
import { imageDigest } from '../../../../../shared/platform/image-id.ts';
import { blobsOf } from '../../../../support/images.ts';
import { testSigner } from '../../../../support/functions.ts';
import { silentLog } from '../../../../support/silent-log.ts';
import { emptyStores, startStores, type TestStores } from '../../../../support/stores.ts';

let stores: TestStores;
let database: Database;
let ahead = 0;
const clock = { now: () => new Date(Date.now() + ahead) };
beforeAll(async () => {
  stores = await startStores();
  database = openDatabase({ DARKROOM_DATABASE: stores.database });
}, 180_000);
afterAll(async () => {
  await database.close();
  await stores.stop();
});
beforeEach(async () => {
  ahead = 0;
  await emptyStores(stores);
});

const uploads = (): Uploads =>
  openUploads(blobService(stores.storage), {
    clock,
    maxBytes: 1024 ** 3,
    announce: () => Promise.resolve(),
  });
const erasure = () => {
  const settings = { DARKROOM_IMAGE_STORAGE: stores.storage } as Settings;
  const blobs = blobService(stores.storage);
  const storeTime = { measure: () => Promise.resolve(0) };
  return openErasure({ settings, clock, storeTime, blobs, database, lake: undefined, signer: testSigner });
};
const expire = (dryRun = false, erase: Erase = erasure().erase) =>
  makeExpireUploads({
    uploads: openExpiredUploads(blobService(stores.storage)),
    erase,
    clock,
    log: silentLog,
  })(dryRun);

const jpeg = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(996, 7)]);
type Kind = Parameters<Uploads['create']>[0]['concatenation'];

/** An upload of which so many bytes have come; with all of them it is made an image, or a finished chunk of one. */
async function upload(bytes = 400, concatenation: Kind = null): Promise<string> {
  const id = randomUUID();
  const instance = uploads();
  await instance.create({
    ...{ id, owner: 'ann', correlationId: 'c', length: jpeg.length, metadata: null, concatenation },
  });
  async function* body() {
    yield await Promise.resolve(jpeg.subarray(0, bytes));
  }
  await instance.write('ann', id, { offset: 0 }, { body: body() });
  return id;
}
const ledgerOf = (id: string) =>
  database.query('operations', 'purges', {
    where: [{ column: 'image_digest', operator: '=', value: imageDigest(id) }],
  });

describe('an upload that was not finished within its day', () => {
  test('is gone, with an entry in the ledger that says when it was due', async () => {
    const id = await upload();
    ahead = day - hour;
    expect(await expire()).toBe(0);
    ahead = day + hour;
    expect(await expire(true)).toBe(1);
    expect(await blobsOf(stores.storage, id)).not.toEqual([]);
    expect(await expire()).toBe(1);
    expect(await blobsOf(stores.storage, id)).toEqual([]);
    const [entry] = await ledgerOf(id);
    expect(entry).toMatchObject({ kind: 'sweep' });
    expect(Date.parse(entry!.due_at) - Date.parse(entry!.uploaded_at)).toBe(day);
  });

  test('is kept in the list while its bytes cannot be erased, and taken up again', async () => {
    const id = await upload();
    ahead = day + hour;
    const failing: Erase = () =>
      Promise.resolve({ erased: 0, blobs: 0, bytes: 0, failed: new Map([[id, new Error('leased')]]) });
    expect(await expire(false, failing)).toBe(1);
    expect(await blobsOf(stores.storage, id)).toContain(`uploads/tus/${id}.json`);
    expect(await expire()).toBe(1);
    expect(await blobsOf(stores.storage, id)).toEqual([]);
  });
});

describe('the state of an upload that became an image', () => {
  test('is forgotten after its day: the image stays, and the ledger has nothing of it', async () => {
    const id = await upload(jpeg.length);
    ahead = day + hour;
    expect(await expire(true)).toBe(0);
    expect(await blobsOf(stores.storage, id)).toHaveLength(2);
    expect(await expire()).toBe(0);
    expect([await blobsOf(stores.storage, id), await ledgerOf(id)]).toEqual([[`raw/${id}`], []]);
  });

  test('and that was a part of one is erased with its bytes, which nothing else will do', async () => {
    const id = await upload(jpeg.length, { kind: 'partial' });
    ahead = day + hour;
    expect(await expire()).toBe(1);
    expect(await blobsOf(stores.storage, id)).toEqual([]);
    expect(await ledgerOf(id)).toHaveLength(1);
  });

  test('and that has bytes only as blocks loses those too, whoever erases it', async () => {
    const id = await upload(400, { kind: 'partial' });
    const isBlocks = (name: string) => name.endsWith('part');
    expect((await blobsOf(stores.storage, id)).filter(isBlocks)).toHaveLength(1);
    const now = clock.now();
    await erasure().erase([{ imageId: id, uploadedAt: now, deleteAt: now }], 'erasure', 'service:purge');
    expect((await blobsOf(stores.storage, id)).filter(isBlocks)).toEqual([]);
  });
});

describe('what the erasure is made of', () => {
  test('purges, sweeps and replays the ledger under the settings', async () => {
    const { purge, replayLedger } = erasure();
    expect(await purge(silentLog)({ dryRun: true })).toMatchObject({ due: 0 });
    expect(await replayLedger(silentLog)({ dryRun: true })).toBe(0);
  });
});
