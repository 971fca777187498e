import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import pg from 'pg';
import { startImageFunctions, type ImageFunctions } from '../../../support/image-functions.ts';
import { eventually } from '../../../support/eventually.ts';
import { blobService } from '../../../../shared/platform/blobs/blob-service.ts';
import { containers } from '../../../../shared/platform/blobs/containers.ts';
import { previewBytes } from '../../../support/images.ts';
import '../../../../functions/read/index.ts';

let functions: ImageFunctions;
let owner: pg.Client;
beforeAll(async () => {
  functions = await startImageFunctions();
  owner = new pg.Client(functions.stores.owner);
  await owner.connect();
}, 180_000);
afterAll(async () => {
  await owner.end();
  await functions.close();
});

/** What the store was asked for. */
const asked: string[] = [];
const note = (message: unknown): void => {
  const { request } = message as { request: ClientRequest };
  asked.push(`${request.method} ${request.path}`);
};
beforeEach(() => {
  asked.length = 0;
  subscribe('http.client.request.start', note);
});
afterEach(() => void unsubscribe('http.client.request.start', note));

/** An image whose preview lies where the processing puts it. */
async function processed(oid: string): Promise<string> {
  const id = await functions.images.make(oid, 'processed');
  const path = `${id}/preview.jpg`;
  const blob = blobService(functions.stores.storage)
    .getContainerClient(containers.processed)
    .getBlockBlobClient(path);
  await blob.upload(previewBytes, previewBytes.byteLength);
  await owner.query("UPDATE imaging.image_variants SET path = $1 WHERE image_id = $2 AND name = 'preview'", [
    ...[path, id],
  ]);
  return id;
}

/** While the database does not answer. */
async function whileItWaits<T>(work: () => Promise<T>): Promise<T> {
  await owner.query('BEGIN; LOCK TABLE imaging.images, imaging.image_variants IN ACCESS EXCLUSIVE MODE');
  try {
    return await work();
  } finally {
    await owner.query('COMMIT');
  }
}

const isPreviewOf = (id: string) => (request: string) =>
  request.startsWith('GET ') && request.includes(`/processed/${id}/preview.jpg`);

test('the store is asked while the database has not answered, and nothing is sent before it has', async () => {
  const id = await processed('ann');
  const headers = await functions.as('ann');
  // So that keys and connections are there.
  await functions.send('GET', `/api/images/${id}/preview`, { headers });
  asked.length = 0;
  let isAnswered = false;
  const answer = await whileItWaits(async () => {
    const sent = functions.send('GET', `/api/images/${id}/preview`, { headers });
    sent.then(
      () => (isAnswered = true),
      () => undefined,
    );
    await eventually(() => Promise.resolve(asked.some(isPreviewOf(id)) || undefined), { within: 10_000 });
    expect(isAnswered).toBe(false);
    return { sent };
  });
  const response = await answer.sent;
  expect(response.status).toBe(200);
  expect(Buffer.from(await response.arrayBuffer())).toEqual(Buffer.from(previewBytes));
  expect(asked.filter(isPreviewOf(id))).toHaveLength(1);
});

test('who has no token, no role or no good signature has nothing asked of the store', async () => {
  const id = await processed('ann');
  asked.length = 0;
  const statuses = await Promise.all(
    [
      functions.send('GET', `/api/images/${id}/preview`),
      functions.send('GET', `/api/images/${id}/preview`, { headers: await functions.as('ann', 'Sales') }),
      functions.send('GET', `/api/images/${id}/preview?version=0&expires=1&signature=x`),
    ].map(async (sent) => (await sent).status),
  );
  expect(statuses).toEqual([401, 403, 403]);
  expect(asked.filter((request) => request.includes(id))).toEqual([]);
});

test('another owner is told of nothing, whatever the store had sent', async () => {
  const id = await processed('ann');
  const response = await functions.send('GET', `/api/images/${id}/preview`, {
    headers: await functions.as('bob'),
  });
  expect(response.status).toBe(404);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
});
