import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { day, hour } from '../../../../shared/platform/clock.ts';
import { makeExpireUploads } from '../../../../shared/images/erase/expire-uploads.ts';
import { imageDigest } from '../../../../shared/platform/image-id.ts';
import { processLog } from '../../../../shared/platform/log.ts';
import { composition } from '../../../../functions/composition.ts';
import { blobService } from '../../../../shared/platform/blobs/blob-service.ts';
import { openExpiredUploads, openUploads } from '../../../../shared/images/receive/uploads/open.ts';
import { configure } from '../../../support/functions.ts';
import { startIssuer, type TestIssuer } from '../../../support/issuer.ts';
import { startStores, type TestStores } from '../../../support/stores.ts';

let stores: TestStores;
let issuer: TestIssuer;
let moveClock: ReturnType<typeof configure>['moveClock'];

beforeAll(async () => {
  [stores, issuer] = await Promise.all([startStores(), startIssuer()]);
  const configured = configure(stores, issuer);
  moveClock = (milliseconds) => configured.moveClock(milliseconds);
}, 180_000);
// Also after a test that failed: the next one begins at the present time.
afterEach(() => moveClock(0));

afterAll(async () => {
  await composition.close();
  await issuer.close();
  await stores.stop();
});

const jpeg = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(996, 7)]);
async function* body(bytes: Uint8Array) {
  yield await Promise.resolve(bytes);
}

const settings = () => ({
  clock: composition.clock(),
  maxBytes: 1024 ** 3,
  announce: () => Promise.resolve(),
});

async function anUpload(length = 1000) {
  const uploads = openUploads(blobService(stores.storage), settings());
  const id = randomUUID();
  await uploads.create({
    id,
    owner: 'anna',
    correlationId: 'c',
    length,
    metadata: 'name QW5uYQ==',
    concatenation: null,
  });
  return id;
}

async function names(): Promise<string[]> {
  const found: string[] = [];
  const blobs = blobService(stores.storage);
  for (const container of ['raw', 'uploads']) {
    for await (const { name } of blobs
      .getContainerClient(container)
      .listBlobsFlat({ includeUncommitedBlobs: true })) {
      found.push(`${container}/${name}`);
    }
  }
  return found;
}

async function isLeased(id: string): Promise<boolean> {
  const state = blobService(stores.storage).getContainerClient('uploads').getBlobClient(`tus/${id}.json`);
  return (await state.getProperties()).leaseState === 'leased';
}

async function expire(dryRun = false) {
  const { erase } = await composition.erasure();
  const log = { ...processLog(), info: () => undefined };
  const uploads = openExpiredUploads(blobService(stores.storage));
  return makeExpireUploads({ uploads, erase, clock: composition.clock(), log })(dryRun);
}

describe('an upload that was not finished within its day', () => {
  it('is gone with its blocks, and the ledger has an entry for it', async () => {
    const id = await anUpload();
    // Another instance began it and still has its lease.
    const other = openUploads(blobService(stores.storage), settings());
    await other.write('anna', id, { offset: 0 }, { body: body(jpeg.subarray(0, 400)) });
    moveClock(day - hour);
    expect(await expire()).toBe(0);
    moveClock(day + hour);
    expect(await expire(true)).toBe(1);
    expect((await names()).filter((name) => name.includes(id))).not.toEqual([]);
    expect(await expire()).toBe(1);
    expect((await names()).filter((name) => name.includes(id))).toEqual([]);
    const database = await composition.database();
    const [entry] = await database.query('operations', 'purges', {
      where: [{ column: 'image_digest', operator: '=', value: imageDigest(id) }],
    });
    expect(entry).toMatchObject({ kind: 'sweep' });
  });

  it('ends a PATCH of another instance that is still running, and leaves none of its bytes', async () => {
    const id = await anUpload();
    const other = openUploads(blobService(stores.storage), settings());
    const rest = Promise.withResolvers<Uint8Array>();
    const taken = Promise.withResolvers<undefined>();
    async function* stalled() {
      yield jpeg.subarray(0, 400);
      // Asked for more: the first bytes were taken, under the lease and in time.
      taken.resolve(undefined);
      yield await rest.promise;
    }
    const writing = other.write('anna', id, { offset: 0 }, { body: stalled() });
    writing.catch(() => undefined);
    await taken.promise;
    expect(await isLeased(id)).toBe(true);
    moveClock(day + hour);
    expect(await expire()).toBe(1);
    rest.resolve(jpeg.subarray(400));
    await expect(writing).rejects.toMatchObject({ code: 'locked' });
    expect((await names()).filter((name) => name.includes(id))).toEqual([]);
  });

  it('answers upload-expired before the sweep has come by', async () => {
    const id = await anUpload();
    moveClock(day + hour);
    await expect(openUploads(blobService(stores.storage), settings()).find('anna', id)).rejects.toMatchObject(
      {
        code: 'upload-expired',
      },
    );
  });
});

describe('the state of an upload that became an image', () => {
  it('is forgotten after its day without an entry in the ledger, and with the image when that is erased', async () => {
    const uploads = openUploads(blobService(stores.storage), settings());
    const { erase } = await composition.erasure();
    const finish = async () => {
      const id = await anUpload();
      await uploads.write('anna', id, { offset: 0 }, { body: body(jpeg) });
      return id;
    };
    const [kept, erased] = [await finish(), await finish()];
    const { failed } = await erase(
      [{ imageId: erased, uploadedAt: new Date(), deleteAt: new Date() }],
      'erasure',
      'anna',
    );
    expect(failed.size).toBe(0);
    expect((await names()).filter((name) => name.includes(erased))).toEqual([]);
    moveClock(day + hour);
    await expire();
    expect((await names()).filter((name) => name.includes(kept))).toEqual([`raw/${kept}`]);
  });
});
