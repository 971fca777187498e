import type { IncomingMessage } from 'node:http';

/** Kestrel's limits and checks of a request's head, as far as Node's own server does not make them. */
const headLimits = { requestLineBytes: 8192, headers: 100 } as const;

/** A request that Kestrel answers by itself, without a body. */
export class RefusedHead extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`The head of the request is refused with ${status}.`);
    this.status = status;
  }
}

/** Of an absolute-form target, whose host has to be the one that the header names. */
function pathOfAbsolute(target: string, host: string | undefined): string {
  const { host: named, pathname } = URL.parse(target) ?? { host: undefined, pathname: '' };
  if (named === undefined || named !== host?.toLowerCase()) throw new RefusedHead(400);
  return pathname;
}

/** Percent-encodings decoded but for `%2F` and what is not UTF-8. */
const decode = (path: string): string =>
  path.replaceAll(/(?:%(?!2f)[0-9a-f]{2})+/gi, (encoded) => {
    try {
      return decodeURIComponent(encoded);
    } catch {
      return encoded;
    }
  });

function withoutDotSegments(path: string): string {
  const kept: string[] = [];
  const segments = path.split('/').slice(1);
  for (const [index, segment] of segments.entries()) {
    const isLast = index === segments.length - 1;
    if (segment === '..') kept.pop();
    else if (segment !== '.') kept.push(segment);
    if (isLast && (segment === '.' || segment === '..')) kept.push('');
  }
  return `/${kept.join('/')}`;
}

export interface Target {
  /** Decoded, without dot segments. */
  readonly path: string;
  /** What goes on to the worker: the path, encoded anew, and the query. */
  readonly url: string;
}

/** The request's target as Kestrel reads it. Throws RefusedHead for a head that Kestrel refuses. */
export function targetOf({ method, url, rawHeaders, headers, headersDistinct }: IncomingMessage): Target {
  const line = `${method} ${url} HTTP/1.1\r\n`;
  if (line.length > headLimits.requestLineBytes) throw new RefusedHead(414);
  if (rawHeaders.length / 2 > headLimits.headers) throw new RefusedHead(431);
  // Of two hosts, one check would see the first, and another the second.
  if ((headersDistinct['host']?.length ?? 0) > 1) throw new RefusedHead(400);
  // eslint-disable-next-line no-control-regex -- what is not ASCII is refused
  if (/[^\x00-\x7f]/.test(url!)) throw new RefusedHead(400);
  const [target = '', ...query] = url!.split('?');
  if (target === '*') return { path: '', url: '*' };
  const raw = target.startsWith('/') ? target : pathOfAbsolute(target, headers.host);
  const path = withoutDotSegments(decode(raw));
  if (path.includes('\0')) throw new RefusedHead(400);
  const encoded = path.replaceAll(/%[0-9a-f]{2}|[^\w\-.~!$&'()*+,;=:@/]/giu, (text) =>
    text.length === 3 ? text : encodeURIComponent(text),
  );
  return { path, url: [encoded, ...query].join('?') };
}
