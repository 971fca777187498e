import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Connection } from '../../../client/connection.ts';
import { waitForImages } from '../../../client/wait-for-image.ts';

const ids = Array.from(
  { length: 150 },
  (_, index) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
);
const slow = new Set(ids.slice(0, 100));

let server: Server;
let connection: Connection;
let most: number;

/** Knows every image, of which the first hundred are never processed. */
beforeEach(async () => {
  most = 0;
  server = createServer((request, response) => {
    const asked = new URL(request.url!, 'http://localhost').searchParams
      .getAll('ids')
      .flatMap((text) => text.split(','));
    most = Math.max(most, asked.length);
    const images = asked.map((id) => ({ id, status: slow.has(id) ? 'stored' : 'processed' }));
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ images, next: null }));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  connection = {
    api: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: () => Promise.resolve('token'),
    kafka: () => {
      throw new Error('not asked for');
    },
  };
});
afterEach(() => new Promise((closed) => server.close(closed)));

test('a hundred images that do not move keep nobody from hearing of the others', async () => {
  const seen = await waitForImages(connection, ids, { timeoutMs: 300 });
  expect([...seen.values()].filter(({ status }) => status === 'processed')).toHaveLength(50);
  expect(most).toBe(100);
});
