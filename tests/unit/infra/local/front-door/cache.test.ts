import { createServer, get as httpGet, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { makeCache, type Cache } from '../../../../../infra/local/front-door/cache.ts';
import { eventually } from '../../../../support/eventually.ts';

/** An origin whose answers wait until they are let go, and the cache before it. */
let origin: Server;
let front: Server;
let base: string;
let cache: Cache;
let now: number;
let asked: string[];
let headers: Record<string, string>;
let body: string;
let held: Promise<unknown>;

const listen = (server: Server) =>
  new Promise<string>((resolve) => {
    server.listen(0, '127.0.0.1', () =>
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    );
  });

beforeEach(async () => {
  now = Date.parse('2026-03-01T00:00:00Z');
  asked = [];
  headers = { 'cache-control': 'public, max-age=7200, s-maxage=600, immutable', etag: '"a"' };
  body = 'bytes';
  held = Promise.resolve();
  cache = makeCache({ now: () => new Date(now) });
  origin = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    // What is answered is read before it waits, as bytes are that are on their way.
    const bytes = body;
    response.writeHead(200, { ...headers, 'content-length': bytes.length }).flushHeaders();
    void held.then(() => response.end(request.method === 'HEAD' ? undefined : bytes));
  });
  const upstream = await listen(origin);
  front = createServer((request, response) => {
    const ask = (onAnswer?: (answer: IncomingMessage) => void) =>
      new Promise<void>((resolve, reject) => {
        const options = { method: request.method, headers: request.headers };
        const forward = httpGet(`${upstream}${request.url}`, options, (answer) => {
          onAnswer?.(answer);
          response.writeHead(answer.statusCode!, answer.headers);
          answer.pipe(response).on('finish', resolve);
        });
        response.once('close', () => {
          if (response.writableFinished) return;
          forward.destroy();
          reject(new Error('gone'));
        });
      });
    cache.serve(request, response, ask).catch(() => response.destroy());
  });
  base = await listen(front);
});
afterEach(() => {
  for (const server of [front, origin]) server.close().closeAllConnections();
});

const image = '/api/images/1/preview?version=1';
const read = async (path = image, init: RequestInit = {}) => {
  const answer = await fetch(`${base}${path}`, init);
  return { status: answer.status, cache: answer.headers.get('x-cache'), body: await answer.text() };
};
const hit = { status: 200, cache: 'TCP_HIT', body: 'bytes' };
const miss = { status: 200, cache: 'TCP_MISS', body: 'bytes' };

describe('the cache in front', () => {
  test('keeps an answer under its path and its whole query, for as long as a shared cache may', async () => {
    expect(await read()).toEqual(miss);
    expect(await read()).toEqual(hit);
    expect(await read('/api/images/1/preview?version=2')).toEqual(miss);
    now += 599_000;
    expect(await read()).toEqual(hit);
    now += 2_000;
    expect(await read()).toEqual(miss);
    expect(asked).toHaveLength(3);
  });

  test.each(['private, max-age=600', 'no-store', 'public, no-cache', 'public, max-age=600, s-maxage=0'])(
    'gives nobody else what says %s',
    async (said) => {
      headers['cache-control'] = said;
      expect([await read(), await read()]).toEqual([miss, miss]);
    },
  );

  test('asks each time for whoever shows a token, and for a range', async () => {
    await read();
    for (const own of [{ authorization: 'Bearer t' }, { range: 'bytes=0-1' }] as Record<string, string>[])
      expect((await read(image, { headers: own })).cache).toBeNull();
    expect(asked).toHaveLength(3);
  });

  test('answers HEAD and If-None-Match from what it has', async () => {
    await read();
    expect(await read(image, { method: 'HEAD' })).toEqual({ ...hit, body: '' });
    expect((await read(image, { headers: { 'if-none-match': '"a"' } })).status).toBe(304);
    expect((await read(image, { headers: { 'if-none-match': '"b"' } })).status).toBe(200);
    expect(asked).toHaveLength(1);
  });

  test('asks once for a thousand who ask at the same time', async () => {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    held = promise;
    const reads = Array.from({ length: 1000 }, () => read());
    await eventually(() => Promise.resolve(asked.length > 0 || undefined));
    resolve(undefined);
    const bodies = new Set((await Promise.all(reads)).map((one) => one.body));
    expect([bodies, asked]).toEqual([new Set(['bytes']), [`GET ${image}`]]);
  }, 30_000);

  test('keeps nothing of an answer whose client went away', async () => {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    held = promise;
    const stop = new AbortController();
    const gone = read(image, { signal: stop.signal });
    await eventually(() => Promise.resolve(asked.length > 0 || undefined));
    const waiting = read();
    stop.abort();
    await expect(gone).rejects.toThrow();
    resolve(undefined);
    expect(await waiting).toEqual(miss);
    expect(asked).toHaveLength(2);
  });
});

describe('a purge', () => {
  test('drops a path with all beneath, whatever the query, and no other', async () => {
    const paths = [image, '/api/images/1/preview?version=2', '/api/images/1/raw', '/api/images/12/preview'];
    for (const path of paths) await read(path);
    cache.purge(['/api/images/1/*']);
    const after = [];
    for (const path of paths) after.push((await read(path)).cache);
    expect(after).toEqual(['TCP_MISS', 'TCP_MISS', 'TCP_MISS', 'TCP_HIT']);
  });

  test('keeps out what was asked for before it and comes after it', async () => {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    held = promise;
    const before = [read(), read()];
    await eventually(() => Promise.resolve(asked.length > 0 || undefined));
    cache.purge(['/api/images/1/*']);
    [body, held] = ['gone!', Promise.resolve()];
    expect((await read()).body).toBe('gone!');
    resolve(undefined);
    await Promise.all(before);
    expect((await read()).body).toBe('gone!');
  });
});
