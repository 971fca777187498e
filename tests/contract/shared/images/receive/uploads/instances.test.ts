import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { day, systemClock } from '../../../../../../shared/platform/clock.ts';
import { blobService } from '../../../../../../shared/platform/blobs/blob-service.ts';
import { openUploads } from '../../../../../../shared/images/receive/uploads/open.ts';
import type { Uploads } from '../../../../../../shared/images/receive/uploads/uploads.ts';
import type { DarkroomError } from '../../../../../../shared/platform/errors.ts';
import { below, seeded } from '../../../../../support/random.ts';
import { eventually } from '../../../../../support/eventually.ts';
import { runAzurite } from '../../../../../support/azurite.ts';
import type { TestComponent } from '../../../../../support/component.ts';

const owner = 'anna';
const bytes = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), randomBytes(2_996)]);

let directory: string;
let azurite: TestComponent;
let storage: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'darkroom-instances-'));
  ({ component: azurite, storage } = await runAzurite(directory));
}, 180_000);
afterAll(async () => {
  await azurite.stop();
  await rm(directory, { recursive: true, force: true });
});

/** Instances share nothing but the store. */
const instance = (announced: string[] = []): Uploads =>
  openUploads(blobService(storage), {
    clock: systemClock,
    maxBytes: 1024 ** 3,
    announce: ({ id }) => Promise.resolve(void announced.push(id)),
  });

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
  return uploads.write(owner, id, { offset: from }, { body: body() });
}

describe('an upload that several instances continue', () => {
  it('goes on at each of them, also at one that had it before the others', async () => {
    const [first, second] = [instance(), instance()];
    const id = await begin(first);
    expect((await send(first, id, 0, 1_000)).offset).toBe(1_000);
    expect((await send(second, id, 1_000, 2_000)).offset).toBe(2_000);
    const state = await send(first, id, 2_000, 3_000);
    expect(state).toMatchObject({ offset: 3_000, status: 'finished' });
    const raw = blobService(storage).getContainerClient('raw').getBlockBlobClient(id);
    expect((await raw.downloadToBuffer()).equals(bytes)).toBe(true);
  });

  it('refuses what one of them writes that the other has overtaken, and keeps what is safe', async () => {
    const [first, second] = [instance(), instance()];
    const id = await begin(first);
    await send(first, id, 0, 1_000);
    await send(second, id, 1_000, 2_000);
    // A client that did not see the answer of the second and sends the same bytes to the first.
    await expect(send(first, id, 1_000, 2_000)).rejects.toMatchObject({ code: 'conflict' });
    expect((await instance().find(owner, id))?.offset).toBe(2_000);
    expect((await send(first, id, 2_000, 3_000)).status).toBe('finished');
  });
});

describe('several instances at once', () => {
  it('of five that write the same upload each gets its turn, and it is completed (seed 4)', async () => {
    const random = seeded(4);
    const id = await begin(instance());
    const writer = async (uploads: Uploads): Promise<void> => {
      for (;;) {
        const { offset } = await uploads.stateOf(owner, id);
        if (offset === bytes.length) return;
        await sleep(below(random, 20));
        const to = Math.min(bytes.length, offset + 1_000);
        await send(uploads, id, offset, to).catch((error: unknown) => {
          expect(['conflict', 'locked', 'upload-interrupted']).toContain((error as DarkroomError).code);
        });
      }
    };
    await Promise.all(Array.from({ length: 5 }, () => writer(instance())));
    const raw = blobService(storage).getContainerClient('raw').getBlockBlobClient(id);
    expect((await raw.downloadToBuffer()).equals(bytes)).toBe(true);
  });

  it('one that ends the upload which another completes: it is an image, or nothing (seed 1)', async () => {
    const random = seeded(1);
    const outcomes = new Set<string>();
    for (let round = 0; round < 40; round++) {
      const announced: string[] = [];
      const [writes, ends] = [instance(announced), instance(announced)];
      const id = await begin(writes);
      const writing = send(writes, id, 0, bytes.length).then(
        () => 'written',
        (error: unknown) => (error as DarkroomError).code,
      );
      // In the midst of it, at a moment that the machine's load moves; now and then surely behind it.
      await (round % 8 === 7 ? writing : sleep(below(random, 16)));
      const ending = await ends.end(owner, id).then(
        () => 'ended',
        (error: unknown) => (error as DarkroomError).code,
      );
      const written = await writing;
      const raw = blobService(storage).getContainerClient('raw').getBlockBlobClient(id);
      const isImage = ending === 'wrong-state';
      expect([await raw.exists(), announced.includes(id)]).toEqual([isImage, isImage]);
      expect((await ends.find(owner, id))?.status).toBe(isImage ? 'finished' : undefined);
      outcomes.add(`${written}, ${ending}`);
    }
    for (const outcome of outcomes) {
      expect(['written, wrong-state', 'locked, wrong-state', 'locked, ended', 'not-found, ended']).toContain(
        outcome,
      );
    }
    expect(outcomes).toContain('written, wrong-state');
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
    const writing = first.write(owner, id, { offset: 0 }, { body: slowly(), checksum });
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
    });
    expect(state).toMatchObject({ offset: 3_000, status: 'finished' });
  });
});

describe('blocks of a request that was refused', () => {
  it('are never those that become the image', async () => {
    const uploads = instance();
    const id = await begin(uploads);
    await send(uploads, id, 0, 1_000);
    async function* damaged() {
      yield await Promise.resolve(Buffer.alloc(2_000, 'damaged'));
    }
    const checksum = {
      algorithm: 'sha1' as const,
      digest: createHash('sha1').update(bytes.subarray(1_000)).digest(),
    };
    await expect(
      uploads.write(owner, id, { offset: 1_000 }, { body: damaged(), checksum }),
    ).rejects.toMatchObject({ code: 'checksum-mismatch' });
    await send(uploads, id, 1_000, 3_000);
    const raw = blobService(storage).getContainerClient('raw').getBlockBlobClient(id);
    expect((await raw.downloadToBuffer()).equals(bytes)).toBe(true);
  });
});

describe('the uploads of one owner', () => {
  const beginAs = (who: string, uploads: Uploads, length: number | null = 10) => {
    const upload = { id: randomUUID(), owner: who, correlationId: 'c', length, metadata: null };
    return uploads.create({ ...upload, concatenation: null });
  };
  it('may be a hundred that are not finished; one more is refused until one of them ends', async () => {
    const uploads = instance();
    const states = await Promise.all(Array.from({ length: 100 }, () => beginAs('berta', uploads)));
    await expect(beginAs('berta', uploads)).rejects.toMatchObject({ code: 'rate-limited' });
    await expect(beginAs('carla', uploads)).resolves.toMatchObject({ owner: 'carla' });
    await uploads.end('berta', states[0]!.id);
    await expect(beginAs('berta', uploads)).resolves.toMatchObject({ owner: 'berta' });
  });

  it('may be a hundred and no more when they begin at once, at several instances', async () => {
    const instances = [instance(), instance(), instance()];
    const begun = await Promise.allSettled(
      Array.from({ length: 130 }, (_, index) => beginAs('dora', instances[index % 3]!)),
    );
    expect(begun.filter(({ status }) => status === 'fulfilled')).toHaveLength(100);
    for (const result of begun)
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'rate-limited' });
  }, 30_000);

  it('may have 16 GiB together, and one without a length counts as the longest', async () => {
    const uploads = instance();
    const gibibyte = 1024 ** 3;
    const states = await Promise.all(
      Array.from({ length: 16 }, (_, index) => beginAs('emil', uploads, index % 2 === 0 ? gibibyte : null)),
    );
    await expect(beginAs('emil', uploads, 1)).rejects.toMatchObject({ code: 'rate-limited' });
    await uploads.end('emil', states[1]!.id);
    await expect(beginAs('emil', uploads, gibibyte)).resolves.toMatchObject({ owner: 'emil' });
  });

  it('do not count once their time is over', async () => {
    let ahead = 0;
    const clock = { now: () => new Date(Date.now() + ahead) };
    const later = openUploads(blobService(storage), {
      clock,
      maxBytes: 1024 ** 3,
      announce: () => Promise.resolve(),
    });
    await Promise.all(Array.from({ length: 100 }, () => beginAs('fritz', later)));
    await expect(beginAs('fritz', later)).rejects.toMatchObject({ code: 'rate-limited' });
    ahead = day + 1_000;
    await expect(beginAs('fritz', later)).resolves.toMatchObject({ owner: 'fritz' });
  });
});
