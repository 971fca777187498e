import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { blobService } from '../../../../../shared/platform/blobs/blob-service.ts';
import { containers } from '../../../../../shared/platform/blobs/containers.ts';
import { readBlob, readBlobText } from '../../../../../shared/platform/blobs/read-blob.ts';
import { startStores, type TestStores } from '../../../../support/stores.ts';

let stores: TestStores;
beforeAll(async () => {
  stores = await startStores();
}, 180_000);
afterAll(() => stores.stop());

const blobAt = (name: string) =>
  blobService(stores.storage).getContainerClient(containers.operations).getBlockBlobClient(name);

test('a blob that is replaced all the time is read as one of its states', async () => {
  const blob = blobAt('replaced');
  const states = ['short', 'a longer one'.repeat(400)];
  await blob.upload(states[0]!, states[0]!.length);
  const end = new AbortController();
  const writing = (async () => {
    for (let turn = 0; !end.signal.aborted; turn++) {
      const state = states[turn % 2]!;
      await blob.upload(state, state.length);
    }
  })();
  const read = new Set<string | undefined>();
  for (let times = 0; times < 300; times++) read.add(await readBlobText(blob));
  end.abort();
  await writing;
  expect([...read].sort()).toEqual([...states].sort());
});

test('answers the tag of what was read, and undefined for what is not there', async () => {
  const { etag } = await blobAt('tagged').upload('x', 1);
  expect(await readBlob(blobAt('tagged'))).toEqual({ bytes: Buffer.from('x'), etag });
  expect(await readBlob(blobAt('none'))).toBeUndefined();
});
