import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterAll, expect, test } from '@jest/globals';
import { blobService } from '../../../../../shared/platform/blobs/blob-service.ts';
import { atStore } from '../../../../../shared/platform/blobs/failures.ts';
import { discardBlocks } from '../../../../../shared/images/store/blob-once.ts';
import { runAzurite } from '../../../../support/azurite.ts';

const directory = await mkdtemp(`${tmpdir()}/darkroom-full-`);
afterAll(() => rm(directory, { recursive: true, force: true }));

test('a store without room refuses what is written by name, keeps and deletes what it has, and goes on when there is room', async () => {
  const roomy = await runAzurite(directory);
  const raw = blobService(roomy.storage).getContainerClient('raw');
  const [kept, dropped, refused, staged] = ['kept', 'dropped', 'refused', 'staged'].map((name) =>
    raw.getBlockBlobClient(name),
  );
  await kept!.upload('abc', 3);
  await dropped!.upload('abc', 3);
  await staged!.stageBlock('YQ==', 'abc', 3);
  await roomy.component.stop();

  const full = await roomy.again(Number.MAX_SAFE_INTEGER);
  await expect(atStore('storing', () => refused!.upload('abc', 3))).rejects.toMatchObject({
    code: 'storage-full',
    status: 507,
    retryable: true,
  });
  await expect(atStore('storing', () => refused!.stageBlock('YQ==', 'abc', 3))).rejects.toMatchObject({
    code: 'storage-full',
  });
  expect((await kept!.downloadToBuffer()).toString()).toBe('abc');
  await dropped!.delete();
  // What an erasure does to blocks that never became a blob.
  await discardBlocks(staged!);
  expect(await staged!.getBlockList('uncommitted').catch((error: unknown) => error)).toMatchObject({
    statusCode: 404,
  });
  expect(await Promise.all([kept, dropped, refused].map((blob) => blob!.exists()))).toEqual([
    true,
    false,
    false,
  ]);
  await full.component.stop();

  const again = await full.again();
  await refused!.upload('abc', 3);
  expect(await refused!.exists()).toBe(true);
  await again.component.stop();
}, 60_000);
