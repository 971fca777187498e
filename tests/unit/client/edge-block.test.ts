import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { answerOf, makeApi } from '../../../client/api.ts';
import type { ApiError } from '../../../client/api-error.ts';
import { apiOf } from '../../../client/connection.ts';
import { waitForImages } from '../../../client/wait-for-image.ts';
import { edgeBlock } from '../../../shared/platform/edge-block.ts';

/** An API behind a firewall that stops what the test says; the firewall answers HTML's type, as Front Door does. */
let stops: (method: string) => boolean;
let asked: string[] = [];
let baseUrl = '';

const server = createServer((request, response) => {
  asked.push(`${request.method} ${request.url}`);
  if (stops(request.method!))
    response.writeHead(403, { 'content-type': 'text/html' }).end(JSON.stringify(edgeBlock));
  else if (request.method === 'OPTIONS') response.writeHead(405).end();
  else response.setHeader('content-type', 'application/json').end(JSON.stringify({ images: [], next: null }));
});

beforeAll(async () => {
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  asked = [];
});
afterAll(() => new Promise((closed) => server.close(closed)));

const list = (): Promise<ApiError> => {
  const api = makeApi({ baseUrl: `${baseUrl}/api`, token: () => Promise.resolve('token') });
  return answerOf(api.GET('/images', { params: { query: { limit: 5 } } })).then(
    () => Promise.reject(new Error('It did not fail.')),
    (error: unknown) => error as ApiError,
  );
};

test('a request that the firewall takes for an attack is an error that trying again does not mend', async () => {
  stops = (method) => method === 'GET';
  const error = await list();
  expect([error.status, error.code, error.isTransient]).toEqual([403, 'blocked-at-edge', false]);
  expect(asked).toEqual(['GET /api/images?limit=5', 'OPTIONS /api/images']);
});

test('one past a limit says to wait a minute, since the harmless question is stopped too', async () => {
  stops = () => true;
  const error = await list();
  expect([error.status, error.code, error.isTransient]).toEqual([429, 'rate-limited', true]);
  expect(error.details).toEqual({ retryAfterSeconds: 60 });
  expect(asked).toHaveLength(2);
});

test('whoever waits for images stops at a block, after one request and one question', async () => {
  stops = (method) => method === 'GET';
  const connection = { api: baseUrl, token: () => Promise.resolve('token'), kafka: () => undefined as never };
  await expect(waitForImages(connection, ['a'], { timeoutMs: 5_000 })).rejects.toMatchObject({
    code: 'blocked-at-edge',
  });
  expect(asked).toHaveLength(2);
});

test('a refusal of the API itself is left as it is', async () => {
  stops = () => false;
  const api = apiOf({ api: baseUrl, token: () => Promise.resolve('t'), kafka: () => undefined as never });
  await expect(answerOf(api.GET('/images', {}))).resolves.toBeDefined();
  expect(asked).toHaveLength(1);
});
