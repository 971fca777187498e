import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { below, seeded } from '../../../../support/random.ts';
import { startTusService, type Answer, type TusService } from '../../../../support/tus-service.ts';

const piece = 'application/offset+octet-stream';
const jpeg = (bytes: number): Buffer =>
  Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), randomBytes(bytes - 4)]);
const idOf = (answer: Answer): string => answer.headers.get('location')!.split('/').at(-1)!;

let tus: TusService;
beforeAll(async () => {
  tus = await startTusService();
}, 180_000);
afterAll(() => tus.close());

async function begin(length: number, owner = 'anna'): Promise<string> {
  const answer = await tus.call('POST', 'uploads', { headers: { 'upload-length': String(length) }, owner });
  expect(answer.status).toBe(201);
  return idOf(answer);
}
const head = (id: string) => tus.call('HEAD', `uploads/${id}`);
const send = (id: string, offset: number, body: Uint8Array | ReadableStream<Uint8Array>) =>
  tus.call('PATCH', `uploads/${id}`, {
    headers: { 'content-type': piece, 'upload-offset': String(offset) },
    body,
  });
/** A body that comes in so many pieces, with a pause before each. */
const slowly = (bytes: Uint8Array, pieces: number, pauseMs: number): ReadableStream<Uint8Array> => {
  const size = Math.ceil(bytes.length / pieces);
  async function* chunks() {
    for (let from = 0; from < bytes.length; from += size) {
      await sleep(pauseMs);
      yield bytes.subarray(from, from + size);
    }
  }
  return ReadableStream.from(chunks());
};
/** A body whose connection breaks after these bytes. */
const cut = (bytes: Uint8Array): ReadableStream<Uint8Array> => {
  async function* chunks() {
    yield bytes;
    await Promise.resolve();
    throw new Error('ECONNRESET');
  }
  return ReadableStream.from(chunks());
};
const rawExists = (id: string) => tus.raw.getBlockBlobClient(id).exists();
async function rawNames(): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of tus.raw.listBlobsFlat({ includeUncommitedBlobs: true })) names.push(name);
  return names;
}

describe('DELETE beside the last PATCH', () => {
  it('either ends the upload, of which nothing is left, or comes too late and says so (seed 24)', async () => {
    const random = seeded(24);
    const [ended, images]: [string[], string[]] = [[], []];
    for (let round = 0; round < 40; round++) {
      const bytes = jpeg(2_000);
      const id = await begin(bytes.length);
      const patching = send(id, 0, bytes);
      await sleep(below(random, 40));
      const { status } = await tus.call('DELETE', `uploads/${id}`);
      const patched = await patching;
      expect([204, 409]).toContain(status);
      expect(patched.status).toBe(status === 409 ? 204 : 423);
      expect((await head(id)).status).toBe(status === 409 ? 200 : 404);
      (status === 204 ? ended : images).push(id);
    }
    expect(images.length).toBeGreaterThan(0);
    const [announced, names] = [await tus.announced(), await rawNames()];
    for (const id of images) expect(announced.includes(id) && names.includes(id)).toBe(true);
    for (const id of ended) expect(announced.includes(id) || names.includes(id)).toBe(false);
  });

  it('ends an upload whose PATCH still sends, and leaves none of its blocks', async () => {
    const bytes = jpeg(50_000);
    const id = await begin(bytes.length);
    const [sends, isDeleted] = [Promise.withResolvers(), Promise.withResolvers()];
    async function* chunks() {
      yield bytes.subarray(0, 1_000);
      sends.resolve(true);
      await isDeleted.promise;
      yield bytes.subarray(1_000);
    }
    const patching = send(id, 0, ReadableStream.from(chunks()));
    await sends.promise;
    expect((await tus.call('DELETE', `uploads/${id}`)).status).toBe(204);
    isDeleted.resolve(true);
    expect((await patching).status).toBe(423);
    expect([(await head(id)).status, await rawExists(id)]).toEqual([404, false]);
    expect(await rawNames()).not.toContain(id);
  });
});

describe('five writers of one upload', () => {
  it('complete it, whatever their pauses, and no HEAD is answered 423 (seed 5)', async () => {
    const random = seeded(5);
    const bytes = jpeg(400_000);
    const id = await begin(bytes.length);
    const statuses = { HEAD: new Set<number>(), PATCH: new Set<number>() };
    const writer = async (): Promise<void> => {
      for (;;) {
        const where = await head(id);
        statuses.HEAD.add(where.status);
        const offset = Number(where.headers.get('upload-offset'));
        if (offset === bytes.length) return;
        const body = slowly(bytes.subarray(offset), 10, below(random, 30));
        statuses.PATCH.add((await send(id, offset, body)).status);
      }
    };
    const startedAt = performance.now();
    await Promise.all([writer(), writer(), writer(), writer(), writer()]);
    expect(performance.now() - startedAt).toBeLessThan(15_000);
    expect([...statuses.HEAD]).toEqual([200]);
    for (const status of statuses.PATCH) expect([204, 409, 423]).toContain(status);
    expect((await tus.raw.getBlockBlobClient(id).downloadToBuffer()).equals(bytes)).toBe(true);
  });
});

describe('a request that ends before its bytes', () => {
  it('is the client’s: 423, what came is kept, and the upload goes on', async () => {
    const bytes = jpeg(3_000);
    const id = await begin(bytes.length);
    const answer = await send(id, 0, cut(bytes.subarray(0, 1_700)));
    expect([answer.status, (JSON.parse(answer.body) as { code: string }).code]).toEqual([
      423,
      'upload-interrupted',
    ]);
    expect((await head(id)).headers.get('upload-offset')).toBe('1700');
    expect((await send(id, 1_700, bytes.subarray(1_700))).status).toBe(204);
  });

  it('and that began the upload leaves nothing: 120 of them lock nobody out (seed 120)', async () => {
    const random = seeded(120);
    const create = (body: Uint8Array | ReadableStream<Uint8Array>, checksum?: string) =>
      tus.call('POST', 'uploads', {
        headers: {
          'upload-length': '3000',
          'content-type': piece,
          ...(checksum === undefined ? {} : { 'upload-checksum': checksum }),
        },
        body,
        owner: 'carla',
      });
    const bytes = jpeg(1_000);
    const before = (await rawNames()).length;
    const failing = [
      { run: () => create(cut(bytes.subarray(0, below(random, bytes.length)))), status: 400 },
      { run: () => create(Buffer.alloc(1_000, 'text')), status: 415 },
      { run: () => create(bytes, `sha1 ${Buffer.alloc(20).toString('base64')}`), status: 460 },
      { run: () => create(jpeg(3_001)), status: 413 },
    ];
    for (let round = 0; round < 15; round++) {
      const chosen = Array.from({ length: 8 }, () => failing[below(random, failing.length)]!);
      const answers = await Promise.all(chosen.map(({ run }) => run()));
      expect(answers.map(({ status }) => status)).toEqual(chosen.map(({ status }) => status));
    }
    expect((await rawNames()).length).toBe(before);
    expect((await create(bytes)).status).toBe(201);
  });
});
