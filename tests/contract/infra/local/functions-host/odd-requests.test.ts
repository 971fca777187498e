/**
 * A thousand requests that no client of ours sends, from a fixed seed: each is answered or cut, none waits for a limit of the
 * host's own, and the worker that serves afterwards is the one that served before. DARKROOM_TEST_ODD_SEED tries others.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runFixtureHost, type FixtureHost } from '../../../../support/fixture-host.ts';
import { seeded } from '../../../../support/random.ts';
import { ask, sendRaw, type RawAnswer, type RawRequest } from '../../../../support/raw-http.ts';

const seed = Number(process.env['DARKROOM_TEST_ODD_SEED'] ?? 17);
const count = 1_000;
const atOnce = 25;
/** The guard lets an invocation wait a second and a half for its request; the rest is for a busy machine. */
const waitMs = 15_000;

let running: FixtureHost;

beforeAll(async () => {
  running = await runFixtureHost();
});

afterAll(() => running.close());

interface Odd {
  readonly lines: readonly string[];
  readonly options: RawRequest;
}

const random = seeded(seed);
const below = (limit: number): number => Math.floor(random() * limit);
const oneOf = <T>(values: readonly T[]): T => values[below(values.length)]!;
const bytes = (length: number): string =>
  Array.from({ length }, () =>
    String.fromCharCode(oneOf([below(26) + 97, below(94) + 33, below(128) + 128])),
  ).join('');

const methods = [
  'GET',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'HEAD',
  'OPTIONS',
  'TRACE',
  'CONNECT',
  'BREW',
  'get',
  '',
];
const paths = [
  ...[
    '/api/text',
    '/api/one/x',
    '/api/stream',
    '/api/refuse',
    '/api/echo/special/7',
    '/api/fail',
    '/api/breaks',
  ],
  ...[
    '/',
    '//',
    '/api',
    '/api//',
    '/admin/functions',
    '/api/one/%',
    '/api/one/%00',
    '/api/one/%zz',
    '/api/one/..',
    '*',
  ],
  ...[
    '/api/bad-header',
    '/api/one/caf\xe9',
    'http://other.test/api/text',
    'api/text',
    '/api/status/999',
    '/api/cookies',
  ],
];

const target = (): string =>
  oneOf([
    () => oneOf(paths),
    () => `/api/one/${bytes(below(40)).replaceAll(' ', '')}`,
    () => `/api/text?${bytes(below(60)).replaceAll(' ', '')}`,
    () => `/api/text?a=${'x'.repeat(below(12_000))}`,
    () => `${'/..'.repeat(below(40))}/api/text`,
  ])();

const header = (): string =>
  oneOf([
    () => 'x-ms-invocation-id: mine',
    () => `x-ms-invocation-id: ${below(1e9)}-ceea-467f-a8f2-0123456789ab`,
    () => 'x-ms-invocation-id:',
    () => `x-name: ${bytes(below(80))}`,
    () => `x-name: caf\xc3\xa9 ${below(9)}`,
    () => `x-long: ${'y'.repeat(below(40_000))}`,
    () => `${bytes(below(12))}: v`,
    () => `cookie: ${'c=1; '.repeat(below(400))}`,
    () => 'content-type: application/json',
    () => `content-type: ${bytes(12)}`,
    () => 'transfer-encoding: chunked',
    () => `content-length: ${oneOf(['0', '5', '-1', '5, 5', 'x', '104857601', '1e3', '00005'])}`,
    () => 'expect: 100-continue',
    () => 'connection: upgrade',
    () => 'upgrade: websocket',
    () => 'host: other.test',
    () => ' folded',
  ])();

function odd(): Odd {
  const line = `${oneOf(methods)} ${target()} ${oneOf(['HTTP/1.1', 'HTTP/1.1', 'HTTP/1.1', 'HTTP/1.0', 'HTTP/9.9', ''])}`;
  const headers = Array.from({ length: below(oneOf([4, 4, 4, 150])) }, header);
  const host = random() < 0.9 ? [`Host: ${running.address.host}`] : [];
  const body = oneOf([
    '',
    '',
    'hello',
    '{"id":"x"}',
    '5\r\nhello\r\n0\r\n\r\n',
    'ffffffffff\r\n',
    bytes(below(3_000)),
  ]);
  return {
    lines: [line, ...host, ...headers, 'Connection: close'],
    // Whoever waits for the rest of a body sees in the end that nothing more comes.
    options: { body: Buffer.from(body, 'latin1'), waitMs, halfCloseAfterMs: 2_500 },
  };
}

const workerPid = async (): Promise<number> =>
  (JSON.parse((await ask(running.address, 'GET /api/worker')).body) as { pid: number }).pid;

test(`of ${count} odd requests each is answered or cut, and the worker serves on (seed ${seed})`, async () => {
  const before = await workerPid();
  const requests = Array.from({ length: count }, odd);
  const open: Odd[] = [];
  const classes = new Map<string, number>();
  let next = 0;
  const client = async () => {
    while (next < requests.length) {
      const request = requests[next++]!;
      const answer: RawAnswer = await sendRaw(running.address, request.lines, request.options);
      if (answer.end === 'open') open.push(request);
      const name = answer.status === 0 ? answer.end : String(answer.status);
      classes.set(name, (classes.get(name) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, client));
  expect(open.map(({ lines }) => lines.map((line) => line.slice(0, 80)))).toEqual([]);
  expect(await workerPid()).toBe(before);
  // Without answers of several kinds the requests would not be odd enough to show anything.
  expect([...classes.keys()]).toEqual(expect.arrayContaining(['200', '400', '404', '431']));
});
