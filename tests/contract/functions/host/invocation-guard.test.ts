/** What one odd request does to a function app whose invocations are guarded, behind a host as strict as the real one. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runPart, type TestPart } from '../../../support/part.ts';
import { runAzurite } from '../../../support/azurite.ts';
import { buildFixture } from '../../infra/local/functions-host/fixture/build.ts';

let directory: string;
let azurite: TestPart;
let host: TestPart;
let port: number;

beforeAll(async () => {
  directory = await mkdtemp(`${tmpdir()}/darkroom-guard-`);
  const [bundle, blob] = await Promise.all([buildFixture(directory), runAzurite(directory)]);
  azurite = blob.part;
  // The real host ends the worker of an invocation that runs over this; the guard's own limit is half a second here.
  await writeFile(`${directory}/host.json`, '{"version":"2.0","functionTimeout":"00:00:05"}');
  const args = ['--bundle', bundle, '--host-json', `${directory}/host.json`, '--port', '0'];
  host = await runPart('infra/local/functions-host/main.ts', [...args, '--pages', `${directory}/pages`], {
    AzureWebJobsStorage: blob.storage,
    FIXTURE_HUB: 'image-processing',
    FIXTURE_HUBS:
      'Endpoint=sb://127.0.0.1:1;SharedAccessKeyName=none;SharedAccessKey=none;UseDevelopmentEmulator=true',
  });
  port = Number(host.announcement['port']);
});

afterAll(async () => {
  await Promise.all([host.stop('SIGKILL'), azurite.stop()]);
  await rm(directory, { recursive: true, force: true });
});

interface Answer {
  readonly status: number;
  readonly text: string;
  /** How the connection ended: by the server's end, its reset, or not within the time. */
  readonly end: 'ended' | 'cut' | 'open';
}

/** Sends these bytes as they are; what `fetch` would refuse to send, too. */
function send(lines: readonly string[], body = '', waitMs = 4_000): Promise<Answer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1');
    const finish = (end: Answer['end']) => {
      clearTimeout(timer);
      socket.destroy();
      const text = Buffer.concat(chunks).toString('latin1');
      resolve({ status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), text, end });
    };
    const timer = setTimeout(() => finish('open'), waitMs);
    socket
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .on('end', () => finish('ended'))
      .on('error', () => finish('cut'));
    socket.write(
      Buffer.from(`${[...lines, 'Host: h', 'Connection: close'].join('\r\n')}\r\n\r\n${body}`, 'latin1'),
    );
  });
}

const get = (path: string, ...headers: string[]) => send([`GET ${path} HTTP/1.1`, ...headers]);

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
    expect(host.child.exitCode).toBeNull();
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
