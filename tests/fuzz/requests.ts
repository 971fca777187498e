import { Agent, request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import type { CheckResult } from '../../shared/operations/health.ts';
import type { Stack } from '../../infra/local/stack.ts';
import { below } from '../support/random.ts';

type Random = () => number;
type Tally = (name: string) => void;

const pick = <T>(random: Random, values: readonly T[]): T => values[below(random, values.length)]!;
const inParallel = 4;
const gone = 'client gone';
const agent = new Agent({ keepAlive: true, maxSockets: inParallel });

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
  /** The client goes after so many bytes of the body. */
  readonly cutAt: number | undefined;
}

const bare = /^bare (400|404|416)$/;
/** What the host answers itself, without a document (docs/errors.md). */
const isOfHost = ({ method, path }: Sent): boolean =>
  !path.startsWith('/api') || ['TRACE', 'PROPFIND'].includes(method);
/** Its 503 has a form of its own, for monitors. */
const isHealth = ({ path }: Pick<Sent, 'path'>): boolean => /^\/api\/health(\?|$)/.test(path);

/** Which dependencies did not work, and after how long: nothing of the stack is taken away here. */
function unhealthyOf(body: string): string {
  const found = /"checks":(\[.*\])/.exec(body);
  const checks = found === null ? [] : (JSON.parse(found[1]!) as CheckResult[]);
  const bad = checks.filter(({ status }) => status === 'unhealthy');
  return bad.map(({ name, code, milliseconds }) => ` ${name} ${code} after ${milliseconds} ms`).join();
}

/** Errors have one form; 503 is one that passes. */
function classOf({ statusCode = 0, headers }: IncomingMessage): string {
  const isError = statusCode >= 400;
  if (isError && !headers['content-type']?.startsWith('application/problem+json'))
    return `bare ${statusCode}`;
  return statusCode >= 500 && statusCode !== 503 ? String(statusCode) : `${String(statusCode)[0]}xx`;
}

/** The class of the status, or how the connection ended. */
function send(port: number, { method, path, headers, body, cutAt }: Sent): Promise<string> {
  return new Promise((resolve) => {
    const hasBody = method !== 'GET' && method !== 'HEAD';
    const length = hasBody ? { 'content-length': String(body.byteLength) } : {};
    try {
      const asked = request(
        { host: '127.0.0.1', port, method, path, agent, headers: { ...headers, ...length }, timeout: 60_000 },
        (answer) => {
          text(answer).then(
            (body) => resolve(`${classOf(answer)}${isHealth({ path }) ? unhealthyOf(body) : ''}`),
            () => resolve('cut off'),
          );
        },
      );
      asked.on('timeout', () => {
        resolve('no answer in a minute');
        asked.destroy();
      });
      asked.on('error', () => resolve('connection ended'));
      if (!hasBody) asked.end();
      else if (cutAt === undefined) asked.end(body);
      else
        asked.write(body.subarray(0, cutAt), () => {
          resolve(gone);
          asked.destroy();
        });
    } catch {
      resolve('not sendable');
    }
  });
}

const id = '0198c0de-0000-7000-8000-0000000000aa';
const paths = [
  '/api/images',
  `/api/images/${id}`,
  `/api/images/${id}/raw`,
  `/api/images/${id}/web?until=1&signature=x`,
  '/api/uploads',
  `/api/uploads/${id}`,
  '/api/logistics/orders',
  '/api/logistics/daily',
  '/api/sales/products',
  '/api/sales/products/1',
  '/api/sales/products/import?dryRun=true',
  '/api/analytics/sales',
  '/api/operations/stream',
  '/api/operations/dead-letters',
  '/api/operations/dead-letters/0-1',
  '/api/operations/dead-letters/replay',
  '/api/operations/reprocess',
  '/api/health',
  '/api/openapi.json',
  '/api/nothing',
  '/',
  '/api',
  '/api/images/',
  '/api//images',
  '/api/images/%',
  '/api/images/..%2f..',
  '/%00',
];
const methods = [
  'GET',
  'GET',
  'POST',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'HEAD',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
];
const words = [
  '',
  '0',
  '-1',
  '1e9',
  '999999999999999999999',
  'NaN',
  'null',
  "'",
  '%27',
  '%00',
  'x'.repeat(2_000),
  '%F0%9F%98%BC',
  '2026-02-30',
  '../..',
  '[]',
  'true',
];
const parameters = [
  'limit',
  'cursor',
  'status',
  'day',
  'from',
  'to',
  'by',
  'search',
  'sort',
  'active',
  'owner',
  'code',
  'q',
];
const types = [
  'application/json',
  'text/csv',
  'image/png',
  'multipart/form-data; boundary=b',
  'multipart/form-data',
  'application/offset+octet-stream',
  '',
  'x/y; charset=none',
  'application/problem+json',
];

function bodyOf(random: Random, image: Buffer): Buffer {
  return pick<() => Buffer>(random, [
    () => Buffer.alloc(0),
    () => image,
    () => image.subarray(0, below(random, image.length)),
    () => Buffer.from('{'),
    () =>
      Buffer.from(
        JSON.stringify({
          ids: [pick(random, words)],
          name: pick(random, words),
          cost: pick(random, words),
          reason: pick(random, words),
          dryRun: true,
        }),
      ),
    () =>
      Buffer.from(
        `--b\r\nContent-Disposition: form-data; name="f"; filename="${pick(random, words)}"\r\n\r\n`,
      ),
    () => Buffer.from(`name,manufacturer,cost,weight\n${pick(random, words)},b,${pick(random, words)},1\n`),
    () => Buffer.from('[[[['.repeat(5_000)),
    () => Buffer.from(Uint8Array.from({ length: below(random, 5_000) }, () => below(random, 256))),
  ])();
}

const headersOf = (random: Random, tokens: readonly string[]): Record<string, string> => ({
  ...(below(random, 8) === 0
    ? {}
    : {
        authorization:
          below(random, 12) === 0 ? `Bearer ${pick(random, words)}` : `Bearer ${pick(random, tokens)}`,
      }),
  'content-type': pick(random, types),
  ...(below(random, 3) === 0
    ? {
        [pick(random, [
          'if-match',
          'range',
          'idempotency-key',
          'accept',
          'x-correlation-id',
          'if-none-match',
          'origin',
          'expect',
          'traceparent',
        ])]: pick(random, words),
      }
    : {}),
});

const tus = (random: Random, tokens: readonly string[]): Record<string, string> => ({
  ...headersOf(random, tokens),
  ...(below(random, 8) === 0
    ? {}
    : { 'tus-resumable': pick(random, ['1.0.0', '1.0.0', '1.0.0', '0.2.2', 'x']) }),
  ...(below(random, 2) === 0
    ? { 'upload-length': pick(random, [...words, '10', '100', '1073741824', '1073741825']) }
    : {}),
  ...(below(random, 3) === 0 ? { 'upload-defer-length': pick(random, ['1', '0', 'x']) } : {}),
  ...(below(random, 2) === 0 ? { 'upload-offset': pick(random, [...words, '0', '10']) } : {}),
  ...(below(random, 3) === 0
    ? { 'upload-concat': pick(random, ['partial', 'final;/api/uploads/x', 'final;', 'other']) }
    : {}),
  ...(below(random, 3) === 0
    ? { 'upload-metadata': pick(random, ['filename d29ybGQ=', 'a,b,c', '===', ',', 'x'.repeat(3_000)]) }
    : {}),
  ...(below(random, 3) === 0
    ? { 'upload-checksum': pick(random, ['sha1 x', 'sha256 AAAA', 'md5 x', '']) }
    : {}),
});

function requestOf(
  kind: 'http' | 'tus',
  random: Random,
  image: Buffer,
  tokens: readonly string[],
): Sent & { readonly base: string } {
  const isTus = kind === 'tus';
  const base = isTus ? pick(random, ['/api/uploads', `/api/uploads/${id}`]) : pick(random, paths);
  const query =
    isTus || below(random, 2) === 0
      ? ''
      : `${base.includes('?') ? '&' : '?'}${pick(random, parameters)}=${pick(random, words)}`;
  const body = bodyOf(random, image);
  return {
    base,
    method: isTus
      ? pick(random, ['POST', 'POST', 'PATCH', 'HEAD', 'DELETE', 'OPTIONS', 'GET'])
      : pick(random, methods),
    path: base + query,
    headers: isTus ? tus(random, tokens) : headersOf(random, tokens),
    body,
    cutAt: body.byteLength > 0 && below(random, 15) === 0 ? below(random, body.byteLength) : undefined,
  };
}

export interface RequestFuzz {
  readonly random: Random;
  readonly count: number;
  readonly image: Buffer;
  readonly tokens: readonly string[];
  readonly tally: Tally;
}

/** Requests of every route and none, each with something wrong or odd about it. Answers are counted by class. */
export async function requestHttp(
  { endpoints }: Stack,
  kind: 'http' | 'tus',
  { random, count, image, tokens, tally }: RequestFuzz,
): Promise<void> {
  const port = Number(new URL(endpoints.api).port);
  let left = count;
  // Each draws its next request in one go, so all of them together are the same for one seed.
  const client = async (): Promise<void> => {
    while (left-- > 0) {
      const { base, ...sent } = requestOf(kind, random, image, tokens);
      const answer = await send(port, sent);
      const isRight = /^\dxx$/.test(answer) || answer === gone || (bare.test(answer) && isOfHost(sent));
      tally(isRight ? answer : `WRONG ${answer} to ${sent.method} ${base}`);
    }
  };
  await Promise.all(Array.from({ length: inParallel }, client));
}
