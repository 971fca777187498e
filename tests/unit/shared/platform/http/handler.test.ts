import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { HttpRequest, InvocationContext, type HttpRequestInit } from '@azure/functions';
import { z } from 'zod';
import { makeAuthenticate, type Authenticate } from '../../../../../shared/platform/auth/verify.ts';
import { DarkroomError } from '../../../../../shared/platform/errors.ts';
import { makeHttpHandler, type FunctionHandler } from '../../../../../shared/platform/http/handler.ts';
import { defineRoute } from '../../../../../shared/platform/http/define-route.ts';
import type { Route, RouteHandler } from '../../../../../shared/platform/http/route.ts';
import { startIssuer, testAudience, type TestIssuer } from '../../../../support/issuer.ts';

let issuer: TestIssuer;
let authenticate: Authenticate;
beforeAll(async () => {
  issuer = await startIssuer();
  authenticate = makeAuthenticate({ issuer: issuer.url, audience: testAudience });
});
afterAll(() => issuer.close());

const route = defineRoute({
  name: 'paint',
  method: 'POST',
  path: '/walls/{wall}',
  summary: 'Paints a wall',
  roles: ['Sales'],
  parameters: z.object({ wall: z.coerce.number().int() }),
  query: z.object({ coats: z.coerce.number().int().min(1).max(3).default(1) }),
  body: z.strictObject({ colour: z.enum(['red', 'blue']), note: z.string().max(5).optional() }),
  responses: { 200: { description: 'Painted' } },
});

const lines: string[] = [];
const context = () =>
  new InvocationContext({
    functionName: 'paint',
    logHandler: (_level, ...line) => void lines.push(line.join(' ')),
  });

async function call(handler: FunctionHandler, init: HttpRequestInit = {}) {
  const request = new HttpRequest({
    method: 'POST',
    url: 'http://localhost/api/walls/4',
    params: { wall: '4' },
    body: { string: JSON.stringify({ colour: 'red' }) },
    ...init,
    headers: { 'content-type': 'application/json', ...init.headers },
  });
  const answer = await handler(request, context());
  const headers = new Headers(answer.headers);
  const problem = typeof answer.body === 'string' ? (JSON.parse(answer.body) as Record<string, unknown>) : {};
  return { status: answer.status ?? 200, headers, problem, answer };
}

const echo: RouteHandler<typeof route> = ({ principal, parameters, query, body }) =>
  Promise.resolve({ jsonBody: { who: principal.id, ...parameters, ...query, ...body } });
const painting = (handler: RouteHandler<typeof route> = echo) =>
  makeHttpHandler(route, handler, () => Promise.resolve(authenticate));
const as = async (...roles: string[]) => ({ authorization: `Bearer ${await issuer.token({ roles })}` });

describe('headers of an answer', () => {
  // .NET's host sends no header that is not ASCII, and answers 500 in its place.
  test('are percent-encoded where they are not ASCII', async () => {
    const handler = painting(() =>
      Promise.resolve({
        headers: { 'content-disposition': 'inline; filename="été ☕ \ud800.jpg"', 'x-plain': 'a b' },
        jsonBody: {},
      }),
    );
    const { headers } = await call(handler, { headers: await as('Sales') });
    expect(headers.get('content-disposition')).toBe(
      'inline; filename="%C3%A9t%C3%A9 %E2%98%95 %EF%BF%BD.jpg"',
    );
    expect(headers.get('x-plain')).toBe('a b');
  });

  test('that a route cannot work out for a refused request are left out, and it is answered', async () => {
    const failing = {
      ...route,
      headers: () => {
        throw new Error('no header for this');
      },
    };
    const handler = makeHttpHandler(failing, echo, () => Promise.resolve(authenticate));
    const { status, problem } = await call(handler, { headers: await as('Sales') });
    expect([status, problem['code']]).toEqual([500, 'internal']);
  });
});

describe('a good call', () => {
  test('takes its route values from the path, not from what the host found for their names', async () => {
    const headers = await as('Sales');
    const { answer } = await call(painting(), { headers, params: { wall: '9', WALL: '10' } });
    expect(answer.jsonBody).toMatchObject({ wall: 4 });
  });

  test('reaches the handler validated, with who calls', async () => {
    const { answer, headers } = await call(painting(), { headers: await as('Sales') });
    expect(answer.jsonBody).toEqual({ who: 'person-1', wall: 4, coats: 1, colour: 'red' });
    expect(headers.get('cache-control')).toBe('no-store');
  });

  test('keeps the correlation id it came with, else takes the trace id, else gets one', async () => {
    const sent = await call(painting(), {
      headers: { ...(await as('Sales')), 'x-correlation-id': 'order-4711' },
    });
    expect(sent.headers.get('x-correlation-id')).toBe('order-4711');
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    const traced = await call(painting(), {
      headers: { ...(await as('Sales')), traceparent: `00-${trace}-00f067aa0ba902b7-01` },
    });
    expect(traced.headers.get('x-correlation-id')).toBe(trace);
    const none = await call(painting(), { headers: await as('Sales') });
    expect(none.headers.get('x-correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('does not take over a correlation id that could break a log line', async () => {
    const { headers } = await call(painting(), { headers: { 'x-correlation-id': 'a b"} {"event":"x' } });
    expect(headers.get('x-correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('a call that is refused', () => {
  test('without a token is 401 and says how to sign in', async () => {
    const { status, headers, problem } = await call(painting());
    expect([status, problem['code']]).toEqual([401, 'unauthenticated']);
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(headers.get('www-authenticate')).toBe('Bearer realm="darkroom"');
  });

  test('with an expired token is 401 and says so in the challenge', async () => {
    const token = await issuer.token({ roles: ['Sales'] }, { expires: -60 });
    const { status, headers } = await call(painting(), { headers: { authorization: `Bearer ${token}` } });
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toContain('error="invalid_token"');
  });

  test('without the role is 403 and names the role that is needed', async () => {
    const { status, problem } = await call(painting(), { headers: await as('Uploader', 'Engineering') });
    expect([status, problem['code']]).toEqual([403, 'forbidden']);
    expect(problem['detail']).toContain('Sales');
  });

  test('checks the role before it looks at the request', async () => {
    const { status } = await call(painting(), { headers: await as('Uploader'), body: { string: '{' } });
    expect(status).toBe(403);
  });

  test('lists everything that is wrong with a body, by path, in a 422 without the values', async () => {
    const { status, problem } = await call(painting(), {
      headers: await as('Sales'),
      body: { string: JSON.stringify({ colour: 'secret-green', note: 'too long' }) },
    });
    expect([status, problem['code']]).toEqual([422, 'invalid-value']);
    expect((problem['issues'] as { path: string }[]).map((issue) => issue.path)).toEqual([
      'body.colour',
      'body.note',
    ]);
    expect(JSON.stringify(problem)).not.toContain('secret-green');
  });

  const faults: readonly [string, HttpRequestInit, number, string][] = [
    ['a body that is no JSON', { body: { string: '{' } }, 400, 'invalid-request'],
    ['a query out of bounds', { query: { coats: '4' } }, 400, 'invalid-request'],
    ['a path parameter of another type', { url: 'http://localhost/api/walls/x' }, 400, 'invalid-request'],
    [
      'a body that is not JSON by its type',
      { headers: { 'content-type': 'text/plain' } },
      415,
      'unsupported-media-type',
    ],
    ['a body over a megabyte', { body: { string: `"${'x'.repeat(1024 * 1024)}"` } }, 413, 'too-large'],
  ];
  test.each(faults)('%s', async (_title, init, expected, code) => {
    const { status, problem } = await call(painting(), {
      ...init,
      headers: { ...(await as('Sales')), ...init.headers },
    });
    expect([status, problem['code']]).toEqual([expected, code]);
  });
});

describe('an error of the handler', () => {
  const failing = (error: Error) => painting(() => Promise.reject(error));

  test('of ours becomes its problem document, RFC 9457', async () => {
    const error = new DarkroomError('wrong-state', 'The wall is wet; wait an hour.', {
      details: { dryAt: 'noon' },
    });
    const { status, problem, headers } = await call(failing(error), {
      headers: { ...(await as('Sales')), 'x-correlation-id': 'order-4711' },
    });
    expect(status).toBe(409);
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(problem).toEqual({
      type: 'urn:darkroom:problem:wrong-state',
      code: 'wrong-state',
      title: 'Its state does not allow this',
      status: 409,
      detail: 'The wall is wet; wait an hour.',
      instance: 'urn:darkroom:request:order-4711',
      details: { dryAt: 'noon' },
    });
  });

  test('that is unknown is 500 internal, logged with its cause, and tells the caller nothing of it', async () => {
    lines.length = 0;
    const { status, problem } = await call(failing(new Error('password=hunter2 at db-7')), {
      headers: { ...(await as('Sales')), 'x-correlation-id': 'order-4712' },
    });
    expect([status, problem['code']]).toEqual([500, 'internal']);
    expect(JSON.stringify(problem)).not.toContain('db-7');
    expect(lines.join()).toContain('db-7');
    expect(lines.join()).toContain('order-4712');
    expect(lines.join()).not.toContain('hunter2');
  });

  test('that may pass is 503 with Retry-After', async () => {
    const { status, headers } = await call(
      failing(new DarkroomError('unavailable', 'The database is away.')),
      {
        headers: await as('Sales'),
      },
    );
    expect([status, headers.get('retry-after')]).toEqual([503, '5']);
  });
});

describe('routes that are open', () => {
  const open = { name: 'look', method: 'GET', path: '/look', summary: 'Looks', responses: {} } as const;
  const handlerFor = (kind: 'anyone' | 'optional') =>
    makeHttpHandler(
      { ...open, roles: kind } satisfies Route,
      ({ principal }) => Promise.resolve({ jsonBody: { who: principal?.id ?? null } }),
      () => Promise.resolve(authenticate),
    );
  const get = { method: 'GET', body: undefined as never };

  test('for anyone never look at a token', async () => {
    const { answer } = await call(handlerFor('anyone'), {
      ...get,
      headers: { authorization: 'Bearer nonsense' },
    });
    expect(answer.jsonBody).toEqual({ who: null });
  });

  test('with an optional token know the caller who sends one, and refuse a bad one', async () => {
    expect((await call(handlerFor('optional'), get)).answer.jsonBody).toEqual({ who: null });
    expect((await call(handlerFor('optional'), { ...get, headers: await as() })).answer.jsonBody).toEqual({
      who: 'person-1',
    });
    expect(
      (await call(handlerFor('optional'), { ...get, headers: { authorization: 'Bearer a.b.c' } })).status,
    ).toBe(401);
  });

  test('answer HEAD with the headers and no body', async () => {
    const { answer, status } = await call(handlerFor('anyone'), { ...get, method: 'HEAD' });
    expect(status).toBe(200);
    expect(answer.body ?? answer.jsonBody).toBeUndefined();
  });
});
