import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { blobService } from '../../../../../shared/platform/blobs/blob-service.ts';
import { runAzurite } from '../../../../support/azurite.ts';
import { eventually } from '../../../../support/eventually.ts';

let directory: string;
let azurite: Awaited<ReturnType<typeof runAzurite>>;

beforeAll(async () => {
  directory = await mkdtemp(`${tmpdir()}/darkroom-azurite-files-`);
  azurite = await runAzurite(directory, 20);
}, 60_000);
afterAll(async () => {
  await azurite.component.stop();
  await rm(directory, { recursive: true, force: true });
});

const files = `azurite/__blobstorage__`;
const bytesOnDisk = (): number =>
  readdirSync(`${directory}/${files}`).reduce((sum, name) => {
    const { size } = statSync(`${directory}/${files}/${name}`, { throwIfNoEntry: false }) ?? { size: 0 };
    return sum + size;
  }, 0);

/** True when a file of the store holds these bytes. What else is collected meanwhile does not count. */
const onDisk = (bytes: Buffer): boolean =>
  readdirSync(`${directory}/${files}`).some((name) => {
    try {
      return readFileSync(`${directory}/${files}/${name}`).includes(bytes);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw error;
    }
  });

const mega = 1_000_000;

test('what is deleted leaves the disk, whatever was stored beside it stays', async () => {
  const container = blobService(azurite.storage).getContainerClient('raw');
  const [kept, small] = [randomBytes(10_000), randomBytes(1_000)];
  const put = (name: string, bytes: Buffer) =>
    container.getBlockBlobClient(name).upload(bytes, bytes.byteLength);
  await put('kept', kept);
  for (let index = 0; index < 20; index += 1) {
    await put(`gone-${index}`, randomBytes(mega));
    // As an entry of the ledger: it stays.
    await put(`small-${index}`, small);
  }
  const blocks = container.getBlockBlobClient('blocks');
  const id = Buffer.from('block').toString('base64');
  await blocks.stageBlock(id, kept, kept.byteLength);
  await blocks.commitBlockList([id]);
  for (let index = 0; index < 10; index += 1) await put('kept', kept);
  expect(bytesOnDisk()).toBeGreaterThan(20 * mega);

  for (let index = 0; index < 20; index += 1) await container.deleteBlob(`gone-${index}`);
  await eventually(() => (bytesOnDisk() < mega ? true : undefined), { within: 60_000 });

  for (const name of ['kept', 'blocks'])
    expect((await container.getBlobClient(name).downloadToBuffer()).equals(kept)).toBe(true);
  for (let index = 0; index < 20; index += 1)
    expect((await container.getBlobClient(`small-${index}`).downloadToBuffer()).equals(small)).toBe(true);
}, 90_000);

test('blocks that were never committed leave the disk when a blob takes their place', async () => {
  const container = blobService(azurite.storage).getContainerClient('raw');
  const blob = container.getBlockBlobClient('incomplete');
  const block = randomBytes(mega);
  const id = Buffer.from('block').toString('base64');
  await blob.stageBlock(id, block, mega);
  expect(onDisk(block)).toBe(true);
  // As on Azure: a delete does not find them, so nobody takes them for removed by it.
  await expect(blob.delete()).rejects.toMatchObject({ statusCode: 404 });
  expect((await blob.getBlockList('uncommitted')).uncommittedBlocks).toHaveLength(1);
  await blob.upload('', 0);
  await blob.delete();
  await eventually(() => (onDisk(block) ? undefined : true), { within: 60_000 });
  await expect(blob.getBlockList('uncommitted')).rejects.toMatchObject({ statusCode: 404 });
});

test('nothing is collected while it is written, nor while its blocks are committed', async () => {
  const container = blobService(azurite.storage).getContainerClient('raw');
  const until = Date.now() + 4_000;
  let written = 0;
  const writer = async (number: number): Promise<void> => {
    while (Date.now() < until) {
      const bytes = randomBytes(20_000);
      const blob = container.getBlockBlobClient(`written-${number}`);
      const ids = [0, 1].map((block) => Buffer.from(`block-${block}`).toString('base64'));
      await blob.stageBlock(ids[0]!, bytes.subarray(0, 9_000), 9_000);
      await wait(100);
      await blob.stageBlock(ids[1]!, bytes.subarray(9_000), 11_000);
      await blob.commitBlockList(ids);
      expect((await blob.downloadToBuffer()).equals(bytes)).toBe(true);
      written += 1;
    }
  };
  await Promise.all(Array.from({ length: 8 }, (_, number) => writer(number)));
  expect(written).toBeGreaterThan(0);
}, 60_000);
