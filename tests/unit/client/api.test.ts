import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { answerOf, makeApi, type ApiOptions } from '../../../client/api.ts';
import { ApiError } from '../../../client/api-error.ts';
import { readHealth } from '../../../client/read-health.ts';

/** What the server was asked, and how it answers: the first that is left, the last of them again and again. */
let asked: { authorization: string | undefined; url: string | undefined; body: string }[] = [];
let answers: ((response: ServerResponse) => void)[] = [];
let baseUrl = '';

const server = createServer((request: IncomingMessage, response) => {
  void text(request).then((body) => {
    asked.push({ authorization: request.headers.authorization, url: request.url, body });
    const answer = answers.length > 1 ? answers.shift()! : answers[0]!;
    answer(response);
  });
});

const json =
  (status: number, body: unknown, type = 'application/json') =>
  (response: ServerResponse) =>
    response
      .writeHead(status, { 'content-type': type, 'x-correlation-id': 'correlation-1' })
      .end(typeof body === 'string' ? body : JSON.stringify(body));

const problem = (status: number, fields: object) => json(status, fields, 'application/problem+json');

const api = (options: Partial<ApiOptions> = {}) =>
  makeApi({ baseUrl, token: () => Promise.resolve('first'), ...options });

const caught = (call: Promise<unknown>): Promise<ApiError> =>
  call.then(
    () => Promise.reject(new Error('It did not fail.')),
    (error: unknown) => error as ApiError,
  );

beforeAll(async () => {
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`;
});
beforeEach(() => {
  asked = [];
});
afterAll(() => {
  server.closeAllConnections();
  return new Promise((closed) => server.close(closed));
});

test('fills in the path, leaves out what a query does not have, and sends the token', async () => {
  answers = [json(200, { deadLetters: [], next: null })];
  const { data } = await answerOf(
    api().GET('/operations/dead-letters', { params: { query: { limit: 5, open: true } } }),
  );
  expect(data).toEqual({ deadLetters: [], next: null });
  await answerOf(api().GET('/operations/dead-letters/{id}', { params: { path: { id: '1 2/3' } } }));
  expect(asked.map(({ url }) => url)).toEqual([
    '/api/operations/dead-letters?limit=5&open=true',
    '/api/operations/dead-letters/1%202%2F3',
  ]);
  expect(asked[0]!.authorization).toBe('Bearer first');
});

test('a problem document becomes an ApiError with its code, issues, details and instance', async () => {
  const issues = [{ path: 'body.cost', code: 'invalid_format', message: 'Write it as "12.34".' }];
  answers = [
    problem(422, {
      ...{ type: 'urn:darkroom:problem:invalid-value', code: 'invalid-value', title: 'A value', status: 422 },
      ...{
        detail: 'The request does not fit.',
        instance: 'urn:darkroom:request:1',
        issues,
        details: { a: 1 },
      },
    }),
  ];
  const error = await caught(answerOf(api().GET('/sales/products')));
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({
    ...{ code: 'invalid-value', status: 422, title: 'A value', message: 'The request does not fit.' },
    ...{ instance: 'urn:darkroom:request:1', issues, details: { a: 1 }, isTransient: false },
  });
});

test('an error that is no problem document is named after its status', async () => {
  answers = [json(502, '<h1>Bad gateway</h1>', 'text/html')];
  const error = await caught(answerOf(api().GET('/sales/products')));
  expect(error).toMatchObject({
    code: 'http-502',
    status: 502,
    instance: 'correlation-1',
    isTransient: true,
  });
});

test('a service that does not answer is `unreachable`, and says at which address', async () => {
  const nobody = api({ baseUrl: 'http://127.0.0.1:9/api' });
  const error = await caught(answerOf(nobody.GET('/sales/products')));
  expect(error).toMatchObject({ code: 'unreachable', status: 0, isTransient: true });
  expect(error.details).toEqual({ address: 'http://127.0.0.1:9/api/sales/products' });
});

test('a call that is aborted rejects as aborted, not as unreachable', async () => {
  const controller = new AbortController();
  answers = [() => controller.abort()];
  const error = await caught(api().GET('/sales/products', { signal: controller.signal }));
  expect(error.name).toBe('AbortError');
});

test('a refused token is renewed once, and the same body goes again with the new one', async () => {
  answers = [problem(401, { code: 'unauthenticated' }), json(201, { productId: 1 })];
  const tokens = ['old', 'new'];
  const renewed = api({
    token: () => Promise.resolve(tokens.shift()),
    renew: () => Promise.resolve(true),
  });
  const body = { name: 'Mug', manufacturer: 'Kiln', cost: '1.00', weight: '0.300' };
  await answerOf(renewed.POST('/sales/products', { body }));
  expect(asked.map(({ authorization }) => authorization)).toEqual(['Bearer old', 'Bearer new']);
  expect(asked.map((one) => JSON.parse(one.body))).toEqual([body, body]);
});

test('a 401 stays one when there is no new token', async () => {
  answers = [problem(401, { code: 'unauthenticated' })];
  const ended = api({ renew: () => Promise.resolve(false) });
  expect(await caught(answerOf(ended.GET('/sales/products')))).toMatchObject({ code: 'unauthenticated' });
  expect(asked).toHaveLength(1);
});

test('health that is bad (503) is an answer; another failure is not', async () => {
  const health = { status: 'unhealthy', checkedAt: '2026-11-23T12:00:00.000Z', checks: [] };
  answers = [json(503, health)];
  expect(await readHealth(api())).toEqual(health);
  answers = [problem(500, { code: 'internal' })];
  expect(await caught(readHealth(api()))).toMatchObject({ code: 'internal' });
});
