import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../../../../../shared/platform/clock.ts';
import { blobService } from '../../../../../../shared/platform/blobs/blob-service.ts';
import { openUploads } from '../../../../../../shared/images/receive/uploads/open.ts';
import type { Uploads } from '../../../../../../shared/images/receive/uploads/uploads.ts';
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
