import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../../../../../shared/platform/clock.ts';
import { blobService } from '../../../../../../shared/platform/blobs/blob-service.ts';
import { openUploads } from '../../../../../../shared/images/receive/uploads/open.ts';
import type { Uploads } from '../../../../../../shared/images/receive/uploads/uploads.ts';
import { eventually } from '../../../../../support/eventually.ts';
import { runAzurite } from '../../../../../support/azurite.ts';
import type { TestPart } from '../../../../../support/part.ts';

const owner = 'anna';
const never = new AbortController().signal;
const bytes = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), randomBytes(2_996)]);

let directory: string;
let azurite: TestPart;
let storage: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'darkroom-instances-'));
  ({ part: azurite, storage } = await runAzurite(directory));
}, 180_000);
afterAll(async () => {
  await azurite.stop();
  await rm(directory, { recursive: true, force: true });
});

/** Instances share nothing but the store. */
const instance = (): Uploads => openUploads(blobService(storage), systemClock);

async function begin(uploads: Uploads): Promise<string> {
  const id = randomUUID();
  const upload = { id, owner, correlationId: 'c', length: bytes.length, metadata: null, concatenation: null };
  await uploads.create(upload);
  return id;
}

function send(uploads: Uploads, id: string, from: number, to: number) {
  async function* body() {
    yield await Promise.resolve(bytes.subarray(from, to));
  }
  return uploads.write(owner, id, { offset: from }, { body: body(), signal: never });
}

describe('an upload that several instances continue', () => {
  it('goes on at each of them, also at one that had it before the others', async () => {
    const [first, second] = [instance(), instance()];
    const id = await begin(first);
    expect((await send(first, id, 0, 1_000)).offset).toBe(1_000);
    expect((await send(second, id, 1_000, 2_000)).offset).toBe(2_000);
    const state = await send(first, id, 2_000, 3_000);
    expect(state).toMatchObject({ offset: 3_000, status: 'complete' });
    await first.commit(state);
    const raw = blobService(storage).getContainerClient('raw').getBlockBlobClient(id);
    expect((await raw.downloadToBuffer()).equals(bytes)).toBe(true);
  });

  it('refuses what one of them writes that the other has overtaken, and keeps what is safe', async () => {
    const [first, second] = [instance(), instance()];
    const id = await begin(first);
    await send(first, id, 0, 1_000);
    await send(second, id, 1_000, 2_000);
    // A client that did not see the answer of the second and sends the same bytes to the first.
    await expect(send(first, id, 1_000, 2_000)).rejects.toMatchObject({ code: 'locked' });
    expect((await instance().find(owner, id))?.offset).toBe(2_000);
    expect((await send(first, id, 2_000, 3_000)).status).toBe('complete');
  });
});

describe('a request with a checksum', () => {
  const sha256 = (text: Uint8Array) => ({
    algorithm: 'sha256' as const,
    digest: createHash('sha256').update(text).digest(),
  });
  const stagedBlocks = async (id: string) => {
    const raw = blobService(storage).getContainerClient('raw').getBlockBlobClient(id);
    return (await raw.getBlockList('uncommitted')).uncommittedBlocks?.length ?? 0;
  };

  it('counts for nothing before its last byte was seen, and for nothing at all when the checksum is wrong', async () => {
    const [first, second] = [instance(), instance()];
    const id = await begin(first);
    const rest = Promise.withResolvers<Uint8Array>();
    async function* slowly() {
      yield bytes.subarray(0, 1_000);
      // Long enough that a block is staged early, as it would be in a long request.
      await sleep(2_100);
      yield bytes.subarray(1_000, 2_000);
      yield await rest.promise;
    }
    const checksum = sha256(Buffer.from('other bytes'));
    const writing = first.write(owner, id, { offset: 0 }, { body: slowly(), checksum, signal: never });
    writing.catch(() => undefined);
    await eventually(async () => ((await stagedBlocks(id)) > 0 ? true : undefined));
    expect((await second.find(owner, id))?.offset).toBe(0);
    rest.resolve(bytes.subarray(2_000));
    await expect(writing).rejects.toMatchObject({ code: 'checksum-mismatch' });
    expect((await second.find(owner, id))?.offset).toBe(0);
  });

  it('counts as a whole when the checksum is right', async () => {
    const id = await begin(instance());
    async function* body() {
      yield await Promise.resolve(bytes);
    }
    const state = await instance().write(...([owner, id, { offset: 0 }] as const), {
      body: body(),
      checksum: sha256(bytes),
      signal: never,
    });
    expect(state).toMatchObject({ offset: 3_000, status: 'complete' });
  });
});

describe('the uploads of one owner', () => {
  it('may be a hundred that are not finished; one more is refused until one of them ends', async () => {
    const uploads = instance();
    const beginAs = (who: string) => {
      const upload = { id: randomUUID(), owner: who, correlationId: 'c', length: 10, metadata: null };
      return uploads.create({ ...upload, concatenation: null });
    };
    const states = await Promise.all(Array.from({ length: 100 }, () => beginAs('berta')));
    await expect(beginAs('berta')).rejects.toMatchObject({ code: 'rate-limited' });
    await expect(beginAs('carla')).resolves.toMatchObject({ owner: 'carla' });
    await uploads.remove('berta', states[0]!.id);
    await expect(beginAs('berta')).resolves.toMatchObject({ owner: 'berta' });
  });
});
