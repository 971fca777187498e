import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { BlobServiceClient } from '@azure/storage-blob';
import { systemClock } from '../../../../../shared/platform/clock.ts';
import { openDatabase } from '../../../../../shared/database/open.ts';
import type { Database } from '../../../../../shared/database/port.ts';
import { blobService } from '../../../../../shared/platform/blobs/blob-service.ts';
import type { Origin } from '../../../../../shared/platform/image-origin.ts';
import type { ChunkSet, StorageWriter, Variant } from '../../../../../shared/images/store/ports.ts';
import { makeStorageReader } from '../../../../../shared/images/store/reader.ts';
import { makeStorageWriter } from '../../../../../shared/images/store/writer.ts';
import { enterErasure } from '../../../../support/erased-entry.ts';
import { startStores, type TestStores } from '../../../../support/stores.ts';

const mebibyte = 1024 * 1024;
const limit = 90 * mebibyte;

let stores: TestStores;
let blobs: BlobServiceClient;
let database: Database;
let writer: StorageWriter;

beforeAll(async () => {
  stores = await startStores();
  blobs = blobService(stores.storage);
  database = openDatabase({ DARKROOM_DATABASE: stores.database });
  writer = makeStorageWriter({ blobs, database, clock: systemClock });
}, 180_000);
afterAll(async () => {
  await database.close();
  await stores.stop();
});

const origin = (facts: Partial<Origin> = {}): Origin => ({
  imageId: randomUUID(),
  owner: 'ann',
  source: 'http',
  uploadedAt: new Date('2026-01-02T03:04:05.678Z'),
  correlationId: 'c-1',
  ...facts,
});
const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const rawFacts = (bytes: Uint8Array) => ({
  ...{ contentType: 'image/png', bytes: bytes.byteLength, width: 4, height: 3, sha256: digest(bytes) },
});
async function read(stream: Readable): Promise<Buffer> {
  return Buffer.concat((await stream.toArray()) as Buffer[]);
}
function* pieces(bytes: Uint8Array, size = 65_536): Generator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size);
}
/** Names in the container, with those that only have blocks. */
async function names(container: string, prefix: string): Promise<string[]> {
  const found: string[] = [];
  const list = blobs.getContainerClient(container).listBlobsFlat({ prefix, includeUncommitedBlobs: true });
  for await (const { name } of list) found.push(name);
  return found;
}

describe('storing raw bytes', () => {
  test.each([
    ['of one byte', 1],
    ['of one block exactly', 4 * mebibyte],
    ['of several blocks', 9 * mebibyte + 7],
  ])('an image %s is there as it came, with its origin and digest', async (_title, size) => {
    const bytes = randomBytes(size);
    const from = origin({ owner: 'ånn/ö?=ü 光' });
    const stored = await writer.storeRaw(from, 'image/png', Readable.from(pieces(bytes)), {
      maxBytes: limit,
    });
    expect(stored).toEqual({ outcome: 'created', bytes: size, differs: false });
    expect((await read(await writer.openRaw(from.imageId))).equals(bytes)).toBe(true);
    expect(await writer.rawOrigin(from.imageId)).toMatchObject({
      ...from,
      contentType: 'image/png',
      bytes: size,
    });
  });

  test.each([
    ['small', 10],
    ['large', 9 * mebibyte],
  ])('a %s image that comes again changes nothing and says whether it differs', async (_title, size) => {
    const [bytes, other] = [randomBytes(size), randomBytes(size)];
    const from = origin();
    await writer.storeRaw(from, 'image/png', Readable.from(pieces(bytes)), { maxBytes: limit });
    const again = await writer.storeRaw(
      { ...from, owner: 'bob' },
      'image/png',
      Readable.from(pieces(bytes)),
      { maxBytes: limit },
    );
    expect(again).toMatchObject({ outcome: 'exists', differs: false });
    const changed = await writer.storeRaw(from, 'image/png', Readable.from(pieces(other)), {
      maxBytes: limit,
    });
    expect(changed).toMatchObject({ outcome: 'exists', differs: true });
    expect((await read(await writer.openRaw(from.imageId))).equals(bytes)).toBe(true);
    expect((await writer.rawOrigin(from.imageId))?.owner).toBe('ann');
    const { uncommittedBlocks } = await blobs
      .getContainerClient('raw')
      .getBlockBlobClient(from.imageId)
      .getBlockList('uncommitted');
    expect(uncommittedBlocks ?? []).toEqual([]);
  });

  test.each([
    ['one block', 100],
    ['several blocks', 10 * mebibyte],
  ])(
    'a stream past the limit is refused after no more than the limit, and nothing is left of %s',
    async (_title, max) => {
      const from = origin();
      let given = 0;
      const endless = function* () {
        for (;;) {
          given += 65_536;
          yield randomBytes(65_536);
        }
      };
      const storing = writer.storeRaw(from, 'image/png', Readable.from(endless(), { highWaterMark: 1 }), {
        maxBytes: max,
      });
      await expect(storing).rejects.toMatchObject({ code: 'too-large' });
      expect(given).toBeLessThan(max + mebibyte);
      expect(await names('raw', from.imageId)).toEqual([]);
    },
  );

  test('a client that goes away in the middle leaves nothing', async () => {
    const from = origin();
    const broken = async function* () {
      yield randomBytes(9 * mebibyte);
      await Promise.reject(new Error('gone'));
    };
    await expect(
      writer.storeRaw(from, 'image/png', Readable.from(broken()), { maxBytes: limit }),
    ).rejects.toThrow('gone');
    expect(await names('raw', from.imageId)).toEqual([]);
  });

  test('with its length known, a stream is stored as it arrives, and different bytes under its id are told', async () => {
    const from = origin();
    const [bytes, other] = [randomBytes(3 * mebibyte), randomBytes(3 * mebibyte)];
    const store = (given: Buffer) =>
      writer.storeRaw(from, 'image/png', Readable.from(pieces(given)), {
        maxBytes: limit,
        length: given.byteLength,
      });
    expect(await store(bytes)).toEqual({ outcome: 'created', bytes: bytes.byteLength, differs: false });
    expect(await store(bytes)).toEqual({ outcome: 'exists', bytes: bytes.byteLength, differs: false });
    expect(await store(other)).toMatchObject({ outcome: 'exists', differs: true });
    expect((await read(await writer.openRaw(from.imageId))).equals(bytes)).toBe(true);
  });

  test('a client that goes away in the middle of what it announced leaves nothing, and is told', async () => {
    const from = origin();
    const broken = async function* () {
      yield randomBytes(mebibyte);
      await Promise.reject(new Error('gone'));
    };
    const storing = writer.storeRaw(from, 'image/png', Readable.from(broken()), {
      maxBytes: limit,
      length: 2 * mebibyte,
    });
    await expect(storing).rejects.toThrow('gone');
    expect(await names('raw', from.imageId)).toEqual([]);
  });

  test('of many that store one image at once, each has its bytes stored or is told to come again', async () => {
    const bytes = randomBytes(5 * mebibyte);
    const from = origin();
    const attempts = await Promise.allSettled(
      Array.from({ length: 5 }, () =>
        writer.storeRaw(from, 'image/png', Readable.from(pieces(bytes)), { maxBytes: limit }),
      ),
    );
    const codes = attempts.map((one) =>
      one.status === 'fulfilled' ? one.value.outcome : (one.reason as { code: string }).code,
    );
    expect(codes.filter((code) => code === 'created')).toHaveLength(1);
    expect(codes.every((code) => ['created', 'exists', 'unavailable'].includes(code))).toBe(true);
    expect((await read(await writer.openRaw(from.imageId))).equals(bytes)).toBe(true);
  });

  test('what a process left that died while it discarded is cleared for the next attempt', async () => {
    const from = origin();
    const blob = blobs.getContainerClient('raw').getBlockBlobClient(from.imageId);
    await blob.upload('', 0, { metadata: { discarded: 'true' } });
    expect(await writer.rawOrigin(from.imageId)).toBeUndefined();
    await expect(
      writer.storeRaw(from, 'image/png', randomBytes(9), { maxBytes: limit }),
    ).rejects.toMatchObject({
      code: 'unavailable',
    });
    expect(await writer.storeRaw(from, 'image/png', randomBytes(9), { maxBytes: limit })).toMatchObject({
      outcome: 'created',
    });
  });

  test('bytes that are not there are a missing claim check', async () => {
    await expect(writer.openRaw(randomUUID())).rejects.toMatchObject({ code: 'claim-check-missing' });
  });

  test('one request answers whose bytes they are and the bytes', async () => {
    const [bytes, from] = [randomBytes(300_000), origin({ owner: 'ånn/ö?=ü 光' })];
    await writer.storeRaw(from, 'image/png', bytes, { maxBytes: limit });
    const opened = (await writer.openWithOrigin(from.imageId))!;
    expect(opened.origin).toEqual(await writer.rawOrigin(from.imageId));
    expect(Buffer.concat(await Readable.from(opened.bytes).toArray()).equals(bytes)).toBe(true);
    opened.close();
  });

  test('bytes that nobody reads are let go of', async () => {
    const from = origin();
    await writer.storeRaw(from, 'image/png', randomBytes(20 * mebibyte), { maxBytes: limit });
    const opened = (await writer.openWithOrigin(from.imageId))!;
    opened.close();
    await expect(Readable.from(opened.bytes).toArray()).rejects.toThrow();
  });

  test('neither what is not there nor what is discarded at this moment can be opened', async () => {
    const discarded = randomUUID();
    const blob = blobs.getContainerClient('raw').getBlockBlobClient(discarded);
    await blob.upload('', 0, { metadata: { discarded: 'true' } });
    expect(await writer.openWithOrigin(randomUUID())).toBeUndefined();
    expect(await writer.openWithOrigin(discarded)).toBeUndefined();
    await blob.delete();
  });

  test('a store that is away is unavailable, which is worth another try', async () => {
    const away = makeStorageWriter({
      blobs: blobService(stores.storage.replace(/(BlobEndpoint=http:\/\/127\.0\.0\.1):\d+/, '$1:9')),
      database,
      clock: systemClock,
    });
    await expect(away.rawOrigin(randomUUID())).rejects.toMatchObject({
      code: 'unavailable',
      retryable: true,
    });
  });
});

describe('chunks', () => {
  test('arrive in any order and more than once, and become the image in order', async () => {
    const [first, second, third] = [randomBytes(70_000), randomBytes(50_000), randomBytes(3)];
    const from = origin({ source: 'kafka' });
    for (const [index, bytes] of [
      [2, third],
      [0, first],
      [2, third],
      [1, second],
    ] as const) {
      await writer.stageChunk(from.imageId, index, bytes);
    }
    const staged = await writer.stagedChunks(from.imageId);
    expect(staged?.toSorted((a, b) => a.index - b.index)).toEqual([
      { index: 0, bytes: 70_000 },
      { index: 1, bytes: 50_000 },
      { index: 2, bytes: 3 },
    ]);
    expect(await writer.commitChunks(from, 'image/png', 3)).toBe('created');
    expect(await writer.commitChunks(from, 'image/png', 3)).toBe('exists');
    expect(await writer.stagedChunks(from.imageId)).toBeUndefined();
    const whole = await read(await writer.openRaw(from.imageId));
    expect(whole.equals(Buffer.concat([first, second, third]))).toBe(true);
    expect(await writer.discardChunks(from.imageId)).toBe('committed');
    expect(await writer.rawOrigin(from.imageId)).toMatchObject(from);
  });

  test('are dropped without a trace', async () => {
    const { imageId } = origin();
    await writer.stageChunk(imageId, 0, randomBytes(10));
    expect(await names('raw', imageId)).toEqual([imageId]);
    expect(await writer.discardChunks(imageId)).toBe('discarded');
    expect(await names('raw', imageId)).toEqual([]);
    expect(await writer.stagedChunks(imageId)).toBeUndefined();
  });

  test('what is noted first of a set stands, and is listed until it ends', async () => {
    const from = origin({ source: 'kafka' });
    const record = { hub: 'image-stream', partition: '1', offset: '42', key: 'ann' };
    const set = { origin: from, count: 3, sha256: 'a'.repeat(64), startedAt: new Date(1_000), record };
    expect(await writer.beginChunkSet(set)).toEqual(set);
    expect(await writer.beginChunkSet({ ...set, count: 4, startedAt: new Date(2_000) })).toEqual(set);
    const listed = async () => {
      const found: ChunkSet[] = [];
      for await (const one of writer.chunkSets()) if (one.origin.imageId === from.imageId) found.push(one);
      return found;
    };
    expect(await listed()).toEqual([set]);
    await writer.endChunkSet(from.imageId);
    expect(await listed()).toEqual([]);
  });
});

describe('rows and derivatives', () => {
  const variant = (bytes: Uint8Array, version = '1', name = 'web'): Variant => ({
    ...{
      name,
      contentType: 'image/jpeg',
      width: 4,
      height: 3,
      bytes,
      processor: 'web',
      processorVersion: version,
    },
  });
  const pathsOf = async (imageId: string) =>
    (
      await database.query('storage_writer', 'image_variants', {
        where: [{ column: 'image_id', operator: '=', value: imageId }],
        orderBy: [['name', 'asc']],
      })
    ).map(({ path }) => path);
  const stored = async (): Promise<Origin> => {
    const from = origin();
    const bytes = randomBytes(10);
    await writer.storeRaw(from, 'image/png', bytes, { maxBytes: limit });
    expect(await writer.recordStored(from, rawFacts(bytes))).toBe('created');
    return from;
  };
  const erase = ({ imageId }: Origin) => enterErasure(database, imageId);

  test('an image goes from stored to processed, and its derivatives are where its rows say', async () => {
    const from = await stored();
    expect(await writer.statusOf(from.imageId)).toBe('stored');
    const made = [variant(randomBytes(20)), variant(randomBytes(5), '1', 'thumbnail')];
    const facts = [{ name: 'blurhash', value: 'LEHV6n', processor: 'blurhash', processorVersion: '1' }];
    expect(await writer.saveVariants(from.imageId, made, facts)).toBe('saved');
    expect(await writer.saveVariants(from.imageId, made, facts)).toBe('saved');
    expect(await writer.statusOf(from.imageId)).toBe('processed');
    const paths = [`${from.imageId}/thumbnail.jpg`, `${from.imageId}/web.jpg`];
    expect(await pathsOf(from.imageId)).toEqual(paths);
    expect(await names('processed', from.imageId)).toEqual(paths);
  });

  test('other bytes of the same variant never replace those that a reader may be reading', async () => {
    const { imageId } = await stored();
    const [first, second] = [randomBytes(20), randomBytes(30)];
    await writer.saveVariants(imageId, [variant(first)], []);
    const [before] = await pathsOf(imageId);
    await writer.saveVariants(imageId, [variant(second, '2')], []);
    const [after] = await pathsOf(imageId);
    expect(after).not.toBe(before);
    expect(await names('processed', imageId)).toEqual([after]);
    expect(await blobs.getContainerClient('processed').getBlobClient(after!).downloadToBuffer()).toEqual(
      second,
    );
  });

  test('what is rejected loses its bytes; what is processed keeps them', async () => {
    const failure = { code: 'image-corrupt', message: 'It is corrupt.' } as const;
    const bad = await stored();
    expect(await writer.recordRejected(bad, failure, {})).toBe('created');
    expect([await writer.statusOf(bad.imageId), await writer.rawOrigin(bad.imageId)]).toEqual([
      'rejected',
      undefined,
    ]);
    const good = await stored();
    await writer.saveVariants(good.imageId, [variant(randomBytes(3))], []);
    expect(await writer.recordRejected(good, failure, {})).toBe('exists');
    expect(await writer.statusOf(good.imageId)).toBe('processed');
    expect(await writer.rawOrigin(good.imageId)).toBeDefined();
  });

  test('what somebody else sent under the id of a rejected image leaves the bytes that are sent for it', async () => {
    const failure = { code: 'image-corrupt', message: 'It is corrupt.' } as const;
    const of = origin();
    await writer.recordRejected(of, failure, {});
    const bytes = randomBytes(100);
    await writer.storeRaw(of, 'image/png', Readable.from(pieces(bytes)), { maxBytes: limit });
    expect(await writer.recordRejected({ ...of, owner: 'eve', source: 'kafka' }, failure, {})).toBe('reused');
    expect((await read(await writer.openRaw(of.imageId))).equals(bytes)).toBe(true);
  });

  test('nothing of an erased image comes back, whatever arrives late', async () => {
    const from = await stored();
    await erase(from);
    await writer.deleteRaw(from.imageId);
    expect(await writer.statusOf(from.imageId)).toBe('erased');
    const bytes = randomBytes(10);
    await writer.storeRaw(from, 'image/png', bytes, { maxBytes: limit });
    expect(await writer.recordStored(from, rawFacts(bytes))).toBe('erased');
    expect(await writer.saveVariants(from.imageId, [variant(randomBytes(3))], [])).toBe('erased');
    expect(await writer.recordFailed(from, { code: 'internal', message: 'x' })).toBe('erased');
    expect([...(await names('raw', from.imageId)), ...(await names('processed', from.imageId))]).toEqual([]);
  });

  const failure = { code: 'internal', message: 'x' } as const;
  test.each<[string, (from: Origin) => Promise<string>]>([
    ['a check', (from) => writer.recordStored(from, rawFacts(randomBytes(3)))],
    ['a rejection', (from) => writer.recordRejected(from, failure, {})],
    ['a dead letter', (from) => writer.recordFailed(from, failure)],
    ['a run of the processors', (from) => writer.saveVariants(from.imageId, [variant(randomBytes(3))], [])],
  ])('%s that finds its image erased meanwhile leaves no bytes of it', async (_title, record) => {
    const from = await stored();
    await erase(from);
    expect(await names('raw', from.imageId)).toHaveLength(1);
    expect(await record(from)).toBe('erased');
    expect([...(await names('raw', from.imageId)), ...(await names('processed', from.imageId))]).toEqual([]);
  });

  test('the payload of a dead letter is kept once, under its image', async () => {
    const imageId = randomUUID();
    const bytes = randomBytes(1_200_000);
    const expiresAt = new Date('2026-02-03T00:00:00.000Z');
    const claim = await writer.storeDeadLetterPayload(imageId, bytes, expiresAt);
    expect(await writer.storeDeadLetterPayload(imageId, bytes, expiresAt)).toBe(claim);
    expect(await names('dead-letters', `${imageId}/`)).toEqual([claim]);
    const kept = await blobs.getContainerClient('dead-letters').getBlobClient(claim).downloadToBuffer();
    expect(kept.equals(bytes)).toBe(true);
  });
});

test('an image that is rejected between the two looks of a reader is there in the second', async () => {
  const from = origin({ uploadedAt: new Date() });
  const bytes = Buffer.from('no image');
  await writer.storeRaw(from, 'image/png', Readable.from([bytes]), { maxBytes: limit });
  const failure = { code: 'image-corrupt', message: 'It is no image.' } as const;
  let looks = 0;
  const query: Database['query'] = async (...asked) => {
    const rows = await database.query(...asked);
    if (looks++ === 0) await writer.recordRejected(from, failure, { bytes: bytes.length });
    return rows;
  };
  const reader = makeStorageReader({ blobs, database: { ...database, query }, clock: systemClock });
  expect(await reader.find(from.imageId)).toMatchObject({ status: 'rejected', failure });
});

test('bytes that turn out to be no image are deleted under a lease and with snapshots', async () => {
  const from = origin({ uploadedAt: new Date() });
  await writer.storeRaw(from, 'image/png', Readable.from([Buffer.from('no image')]), { maxBytes: limit });
  const blob = blobs.getContainerClient('raw').getBlobClient(from.imageId);
  await blob.createSnapshot();
  await blob.getBlobLeaseClient().acquireLease(-1);
  await writer.recordRejected(from, { code: 'image-corrupt', message: 'It is no image.' }, { bytes: 8 });
  expect(await blob.exists()).toBe(false);
});
