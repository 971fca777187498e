import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { makeActivityStore } from '../../../../../shared/platform/blobs/activity-store.ts';
import { blobService } from '../../../../../shared/platform/blobs/blob-service.ts';
import { containers } from '../../../../../shared/platform/blobs/containers.ts';
import { useImageStores } from '../../../../support/image-stores.ts';

const given = useImageStores();
const open = () => makeActivityStore(blobService(given().stores.storage));

test('there is no mark and no answer in a new store', async () => {
  expect(await open().readMark()).toBeUndefined();
  expect(await open().readAnswer('purge')).toBeUndefined();
});

test('each mark is another one, whoever leaves it, and its age is that of the last', async () => {
  const [one, other] = [open(), open()];
  await one.leaveMark();
  const first = await other.readMark();
  expect((await one.readMark())!.version).toBe(first!.version);
  await wait(2_100);
  expect((await one.readMark())!.version).toBe(first!.version);
  expect((await one.readMark())!.ageMs).toBeGreaterThanOrEqual(2_000);
  const began = performance.now();
  await other.leaveMark();
  const second = await one.readMark();
  expect(second!.version).not.toBe(first!.version);
  // The store's times are whole seconds.
  expect(second!.ageMs).toBeLessThan(performance.now() - began + 1_000);
});

test('an answer is read as it was written, the last of them; what is no JSON is none', async () => {
  await open().writeAnswer('purge', { dueAt: null, value: [1] });
  await open().writeAnswer('purge', { dueAt: null, value: [2, 'ü'] });
  expect(await open().readAnswer('purge')).toEqual({ dueAt: null, value: [2, 'ü'] });
  const blob = blobService(given().stores.storage)
    .getContainerClient(containers.activity)
    .getBlockBlobClient('answers/purge.json');
  await blob.upload('{"dueAt":', 9);
  expect(await open().readAnswer('purge')).toBeUndefined();
});

test('a store that does not answer is an error within seconds', async () => {
  const away = makeActivityStore(
    blobService(
      'DefaultEndpointsProtocol=http;AccountName=a;AccountKey=YQ==;BlobEndpoint=http://127.0.0.1:9/a;',
    ),
  );
  const begin = performance.now();
  await expect(away.readMark()).rejects.toMatchObject({ code: 'unavailable' });
  await expect(away.leaveMark()).rejects.toMatchObject({ code: 'unavailable' });
  expect(performance.now() - begin).toBeLessThan(12_000);
}, 30_000);
