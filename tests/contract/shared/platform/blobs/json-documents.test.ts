import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { blobService } from '../../../../../shared/platform/blobs/blob-service.ts';
import { containers } from '../../../../../shared/platform/blobs/containers.ts';
import {
  makeJsonDocuments,
  type JsonDocuments,
} from '../../../../../shared/platform/blobs/json-documents.ts';
import { startStores, type TestStores } from '../../../../support/stores.ts';

interface Counter {
  readonly count: number;
}
let stores: TestStores;
let documents: JsonDocuments<Counter>;
beforeAll(async () => {
  stores = await startStores();
  const container = blobService(stores.storage).getContainerClient(containers.operations);
  documents = makeJsonDocuments<Counter>(container, 'counters/');
  await makeJsonDocuments<Counter>(container, 'others/').create('c', { count: 0 });
}, 180_000);
afterAll(() => stores.stop());

test('a document is created once, read, and listed under its prefix', async () => {
  await documents.create('a', { count: 1 });
  await documents.create('b', { count: 2 });
  await expect(documents.create('a', { count: 9 })).rejects.toMatchObject({ name: 'DarkroomError' });
  expect(await documents.read('a')).toEqual({ count: 1 });
  expect(await documents.read('none')).toBeUndefined();
  expect(await documents.names()).toEqual(['a', 'b']);
});

test('of changes that meet, none is lost', async () => {
  await documents.create('met', { count: 0 });
  const counts = await Promise.all(
    Array.from({ length: 12 }, () => documents.change('met', ({ count }) => ({ count: count + 1 }))),
  );
  expect(new Set(counts.map(({ count }) => count)).size).toBe(12);
  expect(await documents.read('met')).toEqual({ count: 12 });
});

test('a change that throws changes nothing, and a change of nothing is not-found', async () => {
  const failing = documents.change('a', () => {
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow();
  expect(await documents.read('a')).toEqual({ count: 1 });
  await expect(documents.change('none', (one) => one)).rejects.toMatchObject({ code: 'not-found' });
});
