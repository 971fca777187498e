/** What one odd request does to a function app whose invocations are guarded, behind a host as strict as the real one. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runFixtureHost, type FixtureHost } from '../../../support/fixture-host.ts';
import { ask } from '../../../support/raw-http.ts';

let running: FixtureHost;

beforeAll(async () => {
  // The real host ends the worker of an invocation that runs over this; the guard's own limit is a second and a half here.
  running = await runFixtureHost({ hostJson: { functionTimeout: '00:00:05' } });
});

afterAll(() => running.close());

const get = (path: string, ...headers: string[]) => ask(running.address, `GET ${path}`, headers);

describe('an odd request', () => {
  test.each([
    ['names an invocation', ['x-ms-invocation-id: mine']],
    ['names an invocation by a GUID', ['x-ms-invocation-id: 8f14e45f-ceea-467f-a8f2-0123456789ab']],
    ['has a header in Latin-1', ['x-name: caf\xe9']],
    ['has a header in UTF-8', ['x-name: caf\xc3\xa9']],
    ['has 20 KB of headers', [`x-long: ${'y'.repeat(20_000)}`]],
    ['has 40 KB of headers', [`x-long: ${'y'.repeat(40_000)}`]],
  ])('that %s is answered in time', async (_, headers) => {
    const { status, end } = await get('/api/echo/special/7', ...headers);
    expect(end).toBe('ended');
    expect([400, 431, 500]).toContain(status);
  });

  test('costs no other request its answer, and the worker is the same afterwards', async () => {
    const odd = Array.from({ length: 40 }, (_, index) =>
      get('/api/echo/special/7', index % 2 === 0 ? 'x-ms-invocation-id: mine' : `x-name: caf\xe9 ${index}`),
    );
    const good = await Promise.all(Array.from({ length: 40 }, () => get('/api/echo/special/7')));
    expect(good.map(({ status }) => status)).toEqual(Array(40).fill(200));
    expect((await Promise.all(odd)).filter(({ end }) => end === 'open')).toEqual([]);
    // Longer than functionTimeout: a worker that still waited would have been ended.
    await new Promise((resolve) => setTimeout(resolve, 6_000));
    expect((await get('/api/echo/special/7')).status).toBe(200);
    expect(running.host.lines.filter((line) => line.includes('Restarting worker process'))).toEqual([]);
  });
});

describe('an invocation that takes too long', () => {
  test('is answered with a problem that says so, and costs nobody the worker', async () => {
    const slow = await runFixtureHost({
      hostJson: { functionTimeout: '00:00:03' },
      environment: { FIXTURE_INVOCATION_MS: '800' },
    });
    const answers = await Promise.all([
      ask(slow.address, 'GET /api/slow/20000'),
      ask(slow.address, 'POST /api/stream', ['Transfer-Encoding: chunked'], { body: '5\r\nhello\r\n' }),
    ]);
    expect(answers.map(({ status, body }) => [status, (JSON.parse(body) as { code: string }).code])).toEqual([
      [503, 'unavailable'],
      [503, 'unavailable'],
    ]);
    await new Promise((resolve) => setTimeout(resolve, 3_500));
    expect((await ask(slow.address, 'GET /api/text')).status).toBe(200);
    expect(slow.host.lines.filter((line) => line.includes('Restarting worker process'))).toEqual([]);
    await slow.close();
  });
});

describe('a function that fails', () => {
  test('by throwing is answered with a problem, at once', async () => {
    const { status, text, end } = await get('/api/fail');
    expect({ status, end }).toEqual({ status: 500, end: 'ended' });
    expect(text).toContain('"code":"internal"');
    expect(text).not.toContain('on purpose');
  });

  test('by an answer that HTTP cannot carry is answered with a problem', async () => {
    const { status, end } = await get('/api/bad-header');
    expect({ status, end }).toEqual({ status: 500, end: 'ended' });
  });

  test('midway in a body is seen as a body that was cut, at once', async () => {
    const { text, end } = await get('/api/breaks');
    expect(text).toContain('the beginning');
    expect(text).not.toMatch(/\r\n0\r\n\r\n$/);
    expect(end).not.toBe('open');
  });
});
