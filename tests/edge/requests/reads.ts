import { randomBytes, randomUUID } from 'node:crypto';
import type { ImageDetail, ImagePage } from '../../../client/api-types.ts';
import type { TestStack } from '../../pipeline/support/stack.ts';
import { pathOf, type Sent } from '../support/send.ts';

const get = (url: string, headers: Record<string, string> = {}, as?: string): Sent => ({
  name: `GET ${url.slice(0, 60)}`,
  method: 'GET',
  url,
  headers,
  ...(as !== undefined && { as }),
});

/** The console's files, and what comes back from signing in where an issuer answers in the query. */
export function* pages(): Generator<Sent> {
  const files = [
    '/',
    '/images',
    '/sales?search=x',
    '/config.json',
    '/theme.js',
    '/service-worker.js',
    '/icon.svg',
  ];
  const open = ['/api/health', '/api/health/live', '/api/openapi.json', '/api/docs', '/signed-in'];
  for (const url of [...files, ...open]) {
    yield get(url);
    yield { name: `HEAD ${url}`, method: 'HEAD', url };
  }
  const code = `1.AXkA${randomBytes(900).toString('base64url')}`;
  yield get(
    `/signed-in?code=${code}&state=${randomBytes(24).toString('base64url')}&session_state=${randomUUID()}`,
  );
}

const conditions: readonly Record<string, string>[] = [
  {},
  { range: 'bytes=0-99' },
  { range: 'bytes=-100' },
  { range: 'bytes=0-1,5-6' },
  { 'if-none-match': '"abc", W/"def"' },
  { 'if-range': '"abc"', range: 'bytes=0-9' },
  { referer: "http://localhost/sales?search=O'Brien%20%26%20S%C3%B6hne" },
];

/** Lists, states, pictures by their signed addresses, and an erasure. */
export async function* images(stack: TestStack, id: string): AsyncGenerator<Sent> {
  const as = 'uploader';
  const page = (await (await stack.call(as, '/images?limit=1')).json()) as ImagePage;
  const queries = [
    '?limit=50',
    '?limit=5&status=processed',
    `?limit=2&cursor=${encodeURIComponent(page.next ?? '')}`,
  ];
  for (const query of queries) yield get(`/api/images${query}`, {}, as);
  yield get(`/api/images/${id}`, {}, as);
  yield { name: 'HEAD image', method: 'HEAD', url: `/api/images/${id}`, as };
  const { variants } = (await (await stack.call(as, `/images/${id}`)).json()) as ImageDetail;
  for (const { url } of variants) for (const headers of conditions) yield get(pathOf(url), headers);
  yield get(`/api/images/${id}/raw`, {}, as);
  for (const url of ['checkpoint', 'key', 'tile/0/000']) yield get(`/api/ledger/${url}`, {}, as);
  yield { name: 'erase', method: 'DELETE', url: `/api/images/${id}`, as };
  yield get(`/api/images/${id}`, {}, as);
}
