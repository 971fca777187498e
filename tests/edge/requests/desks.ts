import type { OrderPage, ProductPage } from '../../../client/api-types.ts';
import type { TestStack } from '../../pipeline/support/stack.ts';
import { sampleImage } from '../../support/sample-images.ts';
import type { Sent } from '../support/send.ts';
import { noise } from './uploads.ts';
import { awkwardNames, people, reasons } from './words.ts';

const json = { 'content-type': 'application/json' };
const send = (
  as: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = json,
): Sent => ({
  name: `${method} ${path.slice(0, 70)}`,
  method,
  url: `/api${path}`,
  as,
  ...(body === undefined ? {} : { headers, body: typeof body === 'string' ? body : JSON.stringify(body) }),
});
const today = (): string => new Date().toISOString().slice(0, 10);

export async function* logistics(stack: TestStack): AsyncGenerator<Sent> {
  const as = 'logistics';
  yield send(as, 'GET', `/logistics/orders?limit=50&status=pending&day=${today()}`);
  yield send(as, 'GET', `/logistics/daily?from=2026-11-01&to=${today()}`);
  const { orders } = (await (await stack.call(as, '/logistics/orders?limit=20')).json()) as OrderPage;
  const [first, ...more] = orders;
  if (first === undefined) throw new Error('The seed has no orders of today to check off.');
  yield send(as, 'GET', `/logistics/orders/${first.orderId}`);
  yield send(as, 'POST', `/logistics/orders/${first.orderId}/complete`, '');
  const seen = more.slice(0, 3).map(({ orderId, rowVersion }) => ({ orderId, rowVersion }));
  yield send(as, 'POST', '/logistics/orders/complete', { orders: seen });
  for (const reason of reasons)
    yield send('logistics-lead', 'POST', `/logistics/orders/${first.orderId}/reopen`, {
      rowVersion: 1,
      reason,
    });
}

export async function* sales(stack: TestStack): AsyncGenerator<Sent> {
  const as = 'sales';
  for (const name of awkwardNames) {
    yield send(as, 'GET', `/sales/products?active=true&limit=50&search=${encodeURIComponent(name)}`);
    const product = {
      name: `${name} ${Date.now() % 100_000}`,
      manufacturer: name,
      cost: '12.3450',
      weight: '0.250',
    };
    yield send(as, 'POST', '/sales/products', product);
  }
  const page = (await (await stack.call(as, '/sales/products?limit=2')).json()) as ProductPage;
  yield send(as, 'GET', `/sales/products?limit=2&cursor=${encodeURIComponent(page.next ?? '')}`);
  const { productId, etag, name } = page.products[0]!;
  yield send(as, 'GET', `/sales/products/${productId}`);
  yield send(as, 'PATCH', `/sales/products/${productId}`, { name }, { ...json, 'if-match': etag });
  yield { ...send(as, 'DELETE', `/sales/products/${productId}`), headers: { 'if-match': etag } };
  yield send(as, 'POST', `/sales/products/${productId}/restore`, '');
  yield send(as, 'GET', `/sales/products/${productId}/history`);
  yield { ...send(as, 'GET', '/sales/products/export'), headers: { accept: 'text/csv' } };
  const rows = awkwardNames.map((each) => `"${each.replaceAll('"', '""')}",Darkroom,1.00,0.100`);
  const csv = ['name,manufacturer,cost,weight', ...rows, ''].join('\n');
  for (const type of ['text/csv', 'text/csv; charset=utf-8', 'text/csv; header=present'])
    yield send(as, 'POST', '/sales/products/import?dryRun=true', csv, { 'content-type': type });
  yield send(as, 'POST', '/sales/products/import', csv, { 'content-type': 'text/csv' });
}

export function* analytics(): Generator<Sent> {
  const range = `from=2026-01-01&to=${today()}`;
  for (const by of ['day', 'product', 'membership'])
    yield send('analytics', 'GET', `/analytics/sales?${range}&by=${by}`);
  for (const what of ['membership', 'images']) yield send('analytics', 'GET', `/analytics/${what}?${range}`);
}

const asked = [
  'sandbox',
  'attention',
  'unfinished-images?state=failed&limit=50',
  'stream',
  'lag?hub=image-stream&minutes=60',
  'hubs',
  'readers',
  'people?limit=20',
  'bulk-runs',
  'bulk-runs/20261130-0badcafe',
  'dead-letter-counts',
  'dead-letters/0-1',
  'processors',
  'images',
  'exports',
  'purges?limit=20',
  'purges/verify',
  'rights?role=sales',
  'dead-letters?limit=20&open=true',
  `dead-letters?code=image-corrupt&stage=processing&from=${encodeURIComponent('1970-01-01T00:00:00.000Z')}`,
];

/** What engineers write in their own words, without changing anything. */
function* changes(as: string): Generator<Sent> {
  for (const person of people)
    yield send(as, 'POST', '/operations/rights/why', { person, object: 'sales.products' });
  for (const reason of reasons) {
    const dry = { dryRun: true, reason };
    for (const what of ['pause', 'resume']) yield send(as, 'POST', `/operations/readers/${what}`, dry);
    const [hub, deadLetters] = ['image-stream', 10];
    yield send(as, 'POST', '/operations/readers/limit', { hub, deadLetters, ...dry });
    yield send(as, 'POST', '/operations/readers/move', { hub, to: 'beginning', ...dry });
    yield send(as, 'POST', '/operations/reprocess/stop', dry);
    yield send(as, 'POST', '/operations/bulk-runs/20261130-0badcafe/stop', { reason });
    for (const what of ['export', 'erase'])
      yield send(as, 'POST', `/operations/people/${what}`, {
        ...{ kind: 'uploader', id: "O'Brien -- 7", ...dry },
      });
  }
}

export async function* operations(id: string): AsyncGenerator<Sent> {
  const as = 'engineering';
  for (const path of asked) yield send(as, 'GET', `/operations/${path}`);
  for (const reason of reasons)
    yield send(as, 'POST', '/operations/dead-letters/replay', { all: true, code: 'image-corrupt', reason });
  yield send(as, 'POST', '/operations/dead-letters/replay', { all: true, dryRun: true });
  for (const reason of reasons)
    yield send(as, 'POST', '/operations/bulk-runs', {
      action: 'discard',
      filter: { code: 'image-corrupt' },
      reason,
    });
  yield send(as, 'GET', '/operations/dead-letter-export?code=internal&open=true');
  for (const name of awkwardNames) {
    const value = encodeURIComponent(name);
    yield send(
      as,
      'GET',
      `/operations/events?from=end&header=x-name%3D${value}&type=darkroom.image.received`,
    );
    yield send(
      as,
      'GET',
      `/operations/trace?ceId=${value}&ceSource=${encodeURIComponent('https://shop.example/a?b=c')}`,
    );
  }
  const jpeg = await sampleImage('jpeg', 600, 400);
  const photo = {
    ...send(as, 'POST', '/operations/sandbox/photos'),
    headers: { 'content-type': 'image/jpeg' },
  };
  for (let count = 0; count < 10; count += 1) yield { ...photo, body: noise(jpeg) };
  yield send(as, 'POST', '/operations/sandbox/shadows', { imageId: id });
  yield* changes(as);
  yield send(as, 'POST', '/operations/reprocess', { ids: [id], dryRun: true });
  yield send(as, 'POST', '/operations/purge', { dryRun: true });
  yield send(as, 'POST', '/operations/exports', { day: today() });
}
