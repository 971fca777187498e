import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { PassThrough } from 'node:stream';
import CachePolicy from 'http-cache-semantics';
import { isNotModified } from '../../../shared/images/read/range.ts';
import type { Clock } from '../../../shared/platform/clock.ts';

/** Bytes of all answers that are kept; the ones that were kept first go first. */
const maxBytes = 128 * 1024 * 1024;
/** Of one; larger ones are asked for each time. */
const maxEntryBytes = 32 * 1024 * 1024;

interface Entry {
  readonly policy: CachePolicy;
  readonly body: Buffer;
}

/** An answer that is on its way. */
interface Fill {
  /** What it left in the cache; undefined when it may not be kept, was purged meanwhile, or broke off. */
  readonly done: Promise<Entry | undefined>;
  isPurged: boolean;
}

/** Asks the host; `onAnswer` gets what the worker answers while it goes to the client. */
export type AskOrigin = (onAnswer?: (answer: IncomingMessage) => void) => Promise<void>;

/** A request of the route that Front Door caches. With a token Front Door asks the app each time, and so for a part. */
const mayBeCached = ({ method, headers }: IncomingMessage): boolean =>
  (method === 'GET' || method === 'HEAD') &&
  headers.authorization === undefined &&
  headers.range === undefined;

/** What answers a GET answers a HEAD; what a client says of caches is meant for its own. */
const seenBy = ({ url, headers }: IncomingMessage) => ({
  ...{ url: url!, method: 'GET' },
  headers: { ...(headers as Record<string, string>), 'cache-control': '', pragma: '' },
});

const withoutLength = ({ 'content-length': _, ...rest }: IncomingHttpHeaders): IncomingHttpHeaders => rest;

/**
 * What Front Door keeps of the images' route: the whole query is part of the key, `Cache-Control` says what is kept and for how
 * long (RFC 9111, as a shared cache), a purge drops paths, and those who ask for the same meanwhile wait for one answer.
 */
export function makeCache(clock: Clock) {
  class Policy extends CachePolicy {
    /** The library's source of time. */
    now(): number {
      return clock.now().getTime();
    }
  }
  const entries = new Map<string, Entry>();
  const fills = new Map<string, Fill>();
  let bytes = 0;

  function drop(key: string): void {
    bytes -= entries.get(key)?.body.length ?? 0;
    entries.delete(key);
  }

  function keep(key: string, entry: Entry): Entry {
    drop(key);
    entries.set(key, entry);
    bytes += entry.body.length;
    for (const [oldest] of entries) {
      if (bytes <= maxBytes) break;
      drop(oldest);
    }
    return entry;
  }

  function answer(request: IncomingMessage, response: ServerResponse, { policy, body }: Entry): void {
    const headers = policy.responseHeaders() as IncomingHttpHeaders;
    response.setHeader('x-cache', 'TCP_HIT');
    if (isNotModified(request.headers['if-none-match'] ?? null, headers.etag ?? '')) {
      response.writeHead(304, withoutLength(headers)).end();
    } else response.writeHead(200, headers).end(request.method === 'HEAD' ? undefined : body);
  }

  const fresh = (request: IncomingMessage): Entry | undefined => {
    const entry = entries.get(request.url!);
    if (entry === undefined || entry.policy.satisfiesWithoutRevalidation(seenBy(request))) return entry;
    drop(request.url!);
    return undefined;
  };

  async function fill(request: IncomingMessage, response: ServerResponse, ask: AskOrigin): Promise<void> {
    const key = request.url!;
    const { promise: done, resolve } = Promise.withResolvers<Entry | undefined>();
    const own: Fill = { done, isPurged: false };
    fills.set(key, own);
    let whole: Promise<Entry | undefined> | undefined;
    response.setHeader('x-cache', 'TCP_MISS');
    try {
      await ask((reply) => {
        const { statusCode: status, headers } = reply;
        const policy = new Policy(seenBy(request), {
          status: status!,
          headers: headers,
        });
        const isSmall = Number(headers['content-length'] ?? Infinity) <= maxEntryBytes;
        if (status !== 200 || !isSmall || !policy.storable()) return;
        whole = buffer(reply.pipe(new PassThrough())).then((body) => ({ policy, body }));
      });
    } finally {
      if (fills.get(key) === own) fills.delete(key);
      // Of an answer that broke off the copy never ends.
      const entry = response.writableFinished ? await whole : undefined;
      // What was asked for before a purge must not come back behind it.
      resolve(entry === undefined || own.isPurged ? undefined : keep(key, entry));
    }
  }

  return {
    async serve(request: IncomingMessage, response: ServerResponse, ask: AskOrigin): Promise<void> {
      if (!mayBeCached(request)) return ask();
      const kept = fresh(request) ?? (await fills.get(request.url!)?.done);
      if (kept !== undefined) answer(request, response, kept);
      else if (request.method === 'GET' && request.headers['if-none-match'] === undefined)
        await fill(request, response, ask);
      else await ask();
    },

    /** Drops what was kept under these paths, whatever the query; a last segment `*` stands for all beneath. */
    purge(paths: readonly string[]): void {
      const isPurged = (key: string): boolean => {
        const [path = ''] = key.split('?');
        return paths.some((one) => (one.endsWith('/*') ? path.startsWith(one.slice(0, -1)) : path === one));
      };
      for (const key of entries.keys()) if (isPurged(key)) drop(key);
      for (const [key, running] of fills) {
        if (!isPurged(key)) continue;
        running.isPurged = true;
        // Who asks from now on asks the host.
        fills.delete(key);
      }
    },
  };
}

export type Cache = ReturnType<typeof makeCache>;
