import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Database } from '../../../../shared/database/port.ts';
import { caller, configure } from '../../../support/functions.ts';
import { startIssuer, type TestIssuer } from '../../../support/issuer.ts';
import { startStores, type TestStores } from '../../../support/stores.ts';

let stores: TestStores;
let issuer: TestIssuer;
let send: ReturnType<typeof caller>;
let database: Database;
let close: () => Promise<void>;
const today = new Date().toISOString().slice(0, 10);

beforeAll(async () => {
  [stores, issuer] = await Promise.all([startStores(), startIssuer()]);
  configure(stores, issuer);
  for (const service of ['logistics', 'sales', 'analytics'])
    await import(`../../../../functions/${service}/index.ts`);
  const { registeredRoutes } = await import('../../../../functions/register-route.ts');
  const { composition: parts } = await import('../../../../functions/composition.ts');
  send = caller(registeredRoutes());
  database = await parts.database();
  close = () => parts.close();
}, 180_000);

afterAll(async () => {
  await close();
  await issuer.close();
  await stores.stop();
});

const as = async (roles: string[], oid = `person-${roles.join('-')}`) => ({
  authorization: `Bearer ${await issuer.token({ oid, roles })}`,
});
const logistics = () => as(['Logistics']);
const sales = () => as(['Sales']);
const call = async (method: string, path: string, options: Parameters<typeof send>[2] = {}) => {
  const answer = await send(method, `/api${path}`, options);
  const text = await answer.text();
  const body: any =
    answer.headers.get('content-type')?.includes('json') || text.startsWith('{') ? JSON.parse(text) : text;
  return { status: answer.status, headers: answer.headers, body };
};

const storefront = { actor: 'service:storefront' };
let serial = 0;

async function aProduct(details: Partial<Record<'name' | 'manufacturer' | 'cost' | 'weight', string>> = {}) {
  const json = {
    name: `Frame ${(serial += 1)}`,
    manufacturer: 'Holm',
    cost: '12.5000',
    weight: '0.750',
    ...details,
  };
  const { status, body, headers } = await call('POST', '/sales/products', { headers: await sales(), json });
  expect(status).toBe(201);
  return { ...body, etag: headers.get('etag')! };
}

async function anOrder(productId: number, quantity = 1) {
  const [member] = await database.execute(
    'storefront',
    'register_member',
    {
      name: 'Mia Berg',
      email: `mia${(serial += 1)}@example.org`,
      date_of_birth: '1990-01-01',
      mobile: '+4670000000',
      membership: 'plus',
    },
    storefront,
  );
  const [order] = await database.execute(
    'storefront',
    'place_order',
    { member_id: member!.member_id, request_key: `key-${(serial += 1)}`, items: [{ productId, quantity }] },
    storefront,
  );
  return { orderId: order!.order_id, rowVersion: order!.row_version };
}

describe('who may come to which desk', () => {
  const routes: [string, string, string][] = [
    ['GET', '/logistics/orders', 'Logistics'],
    ['GET', '/logistics/orders/1', 'Logistics'],
    ['POST', '/logistics/orders/1/complete', 'Logistics'],
    ['POST', '/logistics/orders/complete', 'Logistics'],
    ['POST', '/logistics/orders/1/reopen', 'LogisticsLead'],
    ['GET', '/logistics/daily', 'Logistics'],
    ['GET', '/sales/products', 'Sales'],
    ['POST', '/sales/products', 'Sales'],
    ['PATCH', '/sales/products/1', 'Sales'],
    ['DELETE', '/sales/products/1', 'Sales'],
    ['POST', '/sales/products/1/restore', 'Sales'],
    ['POST', '/sales/products/import', 'Sales'],
    ['GET', '/sales/products/1/history', 'Sales'],
    ['GET', '/sales/products/export', 'Sales'],
    ['GET', '/analytics/sales', 'Analytics'],
    ['GET', '/analytics/membership', 'Analytics'],
    ['GET', '/analytics/images', 'Analytics'],
  ];
  const everyRole = ['Uploader', 'Logistics', 'LogisticsLead', 'Sales', 'Analytics', 'Engineering'];

  it.each(routes)(
    '%s %s is for %s: 401 without a token, 403 for every other role',
    async (method, path, role) => {
      expect((await call(method, path)).status).toBe(401);
      for (const other of everyRole.filter((name) => name !== role)) {
        const { status, body } = await call(method, path, { headers: await as([other]) });
        expect([other, status, body.code]).toEqual([other, 403, 'forbidden']);
      }
      expect((await call(method, path, { headers: await as([role]), json: {} })).status).not.toBe(403);
    },
  );
});

/** Mondays up to today, the latest first; 1 January 2024 was one. */
const mondays = Array.from({ length: 1000 }, (_, week) =>
  new Date(Date.UTC(2024, 0, 1) + week * 7 * 86_400_000).toISOString().slice(0, 10),
)
  .filter((day) => day <= today)
  .toReversed();

describe('logistics', () => {
  it('lists the day’s unfulfilled orders with exact weights, heaviest first when asked', async () => {
    const product = await aProduct({ weight: '0.125' });
    const [light, heavy] = [await anOrder(product.productId, 2), await anOrder(product.productId, 9)];
    const { body } = await call('GET', `/logistics/orders?day=${today}&sort=weight&limit=500`, {
      headers: await logistics(),
    });
    const ids = body.orders.map((order: { orderId: number }) => order.orderId);
    expect(ids.indexOf(heavy.orderId)).toBeLessThan(ids.indexOf(light.orderId));
    const found = body.orders.find((order: { orderId: number }) => order.orderId === heavy.orderId);
    expect(found).toMatchObject({
      status: 'pending',
      items: 9,
      totalWeight: '1.125',
      totalPrice: '112.5000',
    });
    expect(body.totals.day).toBe(today);
  });

  it('pages without losing or repeating an order', async () => {
    const product = await aProduct();
    for (let n = 0; n < 5; n += 1) await anOrder(product.productId);
    const seen: number[] = [];
    let path = `/logistics/orders?day=${today}&limit=2`;
    for (
      let next: string | null = '';
      next !== null;
      path = `/logistics/orders?day=${today}&limit=2&cursor=${next}`
    ) {
      const { body } = await call('GET', path, { headers: await logistics() });
      seen.push(...body.orders.map((order: { orderId: number }) => order.orderId));
      next = body.next;
    }
    expect(new Set(seen).size).toBe(seen.length);
    const { body } = await call('GET', `/logistics/orders?day=${today}&limit=500`, {
      headers: await logistics(),
    });
    expect(seen).toEqual(body.orders.map((order: { orderId: number }) => order.orderId));
  });

  it('shows an order with its lines, as they were sold', async () => {
    const product = await aProduct({ cost: '9.9900', weight: '1.500' });
    const { orderId } = await anOrder(product.productId, 3);
    await call('PATCH', `/sales/products/${product.productId}`, {
      headers: { ...(await sales()), 'if-match': product.etag },
      json: { cost: '99.0000' },
    });
    const { body } = await call('GET', `/logistics/orders/${orderId}`, { headers: await logistics() });
    expect(body.orderLines).toMatchObject([
      { quantity: 3, unitPrice: '9.9900', price: '29.9700', weight: '4.500' },
    ]);
  });

  it('completes an order once; again answers the same, without If-Match too', async () => {
    const { orderId, rowVersion } = await anOrder((await aProduct()).productId);
    const headers = { ...(await logistics()), 'if-match': `"${rowVersion}"` };
    const first = await call('POST', `/logistics/orders/${orderId}/complete`, { headers });
    expect(first.body).toMatchObject({ status: 'completed', completedBy: 'person-Logistics' });
    const again = await call('POST', `/logistics/orders/${orderId}/complete`, {
      headers: await as(['Logistics'], 'somebody-else'),
    });
    expect([again.status, again.body.completedBy]).toEqual([200, 'person-Logistics']);
  });

  it('answers 404 for an unknown order, 409 for a cancelled one and 412 for one that changed', async () => {
    const headers = await logistics();
    expect((await call('POST', '/logistics/orders/999999999/complete', { headers })).status).toBe(404);
    const cancelled = await anOrder((await aProduct()).productId);
    await database.execute('storefront', 'cancel_order', { order_id: cancelled.orderId }, storefront);
    expect((await call('POST', `/logistics/orders/${cancelled.orderId}/complete`, { headers })).status).toBe(
      409,
    );
    const changed = await anOrder((await aProduct()).productId);
    const stale = { ...headers, 'if-match': `"${changed.rowVersion + 7}"` };
    expect(
      (await call('POST', `/logistics/orders/${changed.orderId}/complete`, { headers: stale })).status,
    ).toBe(412);
  });

  it('completes several at once and answers for each: done, already done, refused and why', async () => {
    const product = await aProduct();
    const [fresh, done, stale] = [
      await anOrder(product.productId),
      await anOrder(product.productId),
      await anOrder(product.productId),
    ];
    await call('POST', `/logistics/orders/${done.orderId}/complete`, { headers: await logistics() });
    const { body } = await call('POST', '/logistics/orders/complete', {
      headers: await logistics(),
      json: {
        orders: [
          fresh,
          done,
          { ...stale, rowVersion: stale.rowVersion + 1 },
          { orderId: 888_888_888, rowVersion: 1 },
        ],
      },
    });
    expect(
      body.results.map(({ outcome, reason }: { outcome: string; reason: string | null }) => [
        outcome,
        reason,
      ]),
    ).toEqual([
      ['done', null],
      ['already-done', null],
      ['refused', 'changed'],
      ['refused', 'not-found'],
    ]);
    const untouched = await call('GET', `/logistics/orders/${stale.orderId}`, { headers: await logistics() });
    expect(untouched.body.status).toBe('pending');
  });

  it('reopens only with the right of its own and a reason', async () => {
    const { orderId } = await anOrder((await aProduct()).productId);
    const { body } = await call('POST', `/logistics/orders/${orderId}/complete`, {
      headers: await logistics(),
    });
    const json = { rowVersion: body.rowVersion, reason: 'Packed the wrong box' };
    const lead = await as(['Logistics', 'LogisticsLead']);
    expect(
      (
        await call('POST', `/logistics/orders/${orderId}/reopen`, {
          headers: lead,
          json: { ...json, reason: '' },
        })
      ).status,
    ).toBe(422);
    const reopened = await call('POST', `/logistics/orders/${orderId}/reopen`, { headers: lead, json });
    expect([reopened.status, reopened.body.status]).toEqual([200, 'pending']);
  });

  it('answers daily sums that agree with the orders', async () => {
    const { body } = await call('GET', `/logistics/daily?from=${today}&to=${today}`, {
      headers: await logistics(),
    });
    const all = await call('GET', `/logistics/orders?day=${today}&status=all&limit=500`, {
      headers: await logistics(),
    });
    expect(body.days[0].orders).toBe(all.body.orders.length);
  });
});

describe('sales', () => {
  it('adds a product and shows it, with exact decimals', async () => {
    const product = await aProduct({ cost: '0.1000', weight: '0.003' });
    const { body } = await call('GET', `/sales/products/${product.productId}`, { headers: await sales() });
    expect(body).toMatchObject({
      cost: '0.1000',
      weight: '0.003',
      isActive: true,
      createdBy: 'person-Sales',
    });
  });

  it.each([
    { cost: '-1' },
    { cost: '1.23456' },
    { weight: '-0.1' },
    { weight: 'heavy' },
    { name: '' },
    { name: 'x'.repeat(201) },
  ])('refuses %j with 422 and says where', async (wrong) => {
    const json = { name: 'Frame', manufacturer: 'Holm', cost: '1', weight: '1', ...wrong };
    const { status, body } = await call('POST', '/sales/products', { headers: await sales(), json });
    expect([status, body.issues[0].path]).toEqual([422, `body.${Object.keys(wrong)[0]}`]);
  });

  it('refuses a name that the manufacturer has already with 409', async () => {
    const { name } = await aProduct();
    const json = { name, manufacturer: 'Holm', cost: '1', weight: '1' };
    expect((await call('POST', '/sales/products', { headers: await sales(), json })).status).toBe(409);
  });

  it('needs If-Match to correct a product, and refuses a version that is not the latest', async () => {
    const { productId, etag } = await aProduct();
    const path = `/sales/products/${productId}`;
    const json = { weight: '0.800' };
    expect((await call('PATCH', path, { headers: await sales(), json })).status).toBe(428);
    const first = await call('PATCH', path, { headers: { ...(await sales()), 'if-match': etag }, json });
    expect([first.status, first.body.weight, first.body.cost]).toEqual([200, '0.800', '12.5000']);
    expect(
      (await call('PATCH', path, { headers: { ...(await sales()), 'if-match': etag }, json })).status,
    ).toBe(412);
  });

  it('retires and restores; a retired product stays and can be found', async () => {
    const { productId, name } = await aProduct();
    const retired = await call('DELETE', `/sales/products/${productId}`, { headers: await sales() });
    expect(retired.body).toMatchObject({ isActive: false, retiredBy: 'person-Sales' });
    const list = await call('GET', `/sales/products?active=false&search=${encodeURIComponent(name)}`, {
      headers: await sales(),
    });
    expect(list.body.products.map((product: { productId: number }) => product.productId)).toContain(
      productId,
    );
    await expect(anOrder(productId)).rejects.toMatchObject({ code: 'wrong-state' });
    const restored = await call('POST', `/sales/products/${productId}/restore`, { headers: await sales() });
    expect(restored.body.isActive).toBe(true);
  });

  it('finds by a part of the name or the manufacturer, whatever the case and signs in it', async () => {
    const { productId } = await aProduct({ name: '100% Linen_cloth', manufacturer: 'Ångström & Söner' });
    for (const search of ['linen_', '100%', 'SÖNER']) {
      const { body } = await call('GET', `/sales/products?search=${encodeURIComponent(search)}`, {
        headers: await sales(),
      });
      expect(body.products.map((product: { productId: number }) => product.productId)).toEqual([productId]);
    }
  });

  const csv = async (text: string | Uint8Array, dryRun = false, more = '') =>
    call('POST', `/sales/products/import?dryRun=${dryRun}${more}`, {
      headers: { ...(await sales()), 'content-type': 'text/csv' },
      text,
    });

  it('imports all rows or none, shows first what it would do, and the same file again changes nothing', async () => {
    const text = 'name,manufacturer,cost,weight\nTripod,Kolm,49.90,1.200\n"Lens, wide",Kolm,199,0.4\n';
    expect((await csv(text, true)).body).toMatchObject({ applied: false, added: 2, issues: [] });
    expect((await csv(text)).body).toMatchObject({ applied: true, added: 2, unchanged: 0 });
    expect((await csv(text)).body).toMatchObject({ applied: true, added: 0, unchanged: 2 });
    const faulty = 'name,manufacturer,cost,weight\nBag,Kolm,20,1\nStrap,Kolm,free,-1\n';
    const preview = await csv(faulty, true);
    expect(
      preview.body.issues.map(({ row, column, value }: Record<string, unknown>) => [row, column, value]),
    ).toEqual(
      expect.arrayContaining([
        [3, 'cost', 'free'],
        [3, 'weight', '-1'],
      ]),
    );
    expect((await csv(faulty)).status).toBe(422);
    const { body } = await call('GET', '/sales/products?search=Kolm', { headers: await sales() });
    expect(body.products).toHaveLength(2);
  });

  it('leaves what a file with product ids has no column for, and refuses an etag that is no longer the product’s', async () => {
    await csv('name,manufacturer,cost,weight\nGrip,Haft,12.5,0.2\n');
    const find = async () =>
      (await call('GET', '/sales/products?search=Haft', { headers: await sales() })).body.products[0];
    const { productId, etag } = await find();
    const text = `productId;etag;cost\n${productId};${etag};"13,75"\n`;
    expect((await csv(text)).body).toMatchObject({ applied: true, changed: 1 });
    const now = await find();
    expect(now).toMatchObject({ name: 'Grip', manufacturer: 'Haft', cost: '13.7500', weight: '0.200' });
    const late = await csv(text.replace('13,75', '14,25'), true);
    expect(late.body.issues).toMatchObject([
      { row: 2, column: 'productId', reason: 'Somebody changed the product since it was read.' },
    ]);
    expect((await csv(`productId,cost\n${productId},15\n,16\n`, true)).body.issues).toMatchObject(
      ['manufacturer', 'name', 'weight'].map((column) => ({ row: 3, column })),
    );
    expect((await csv(`productId,etag,cost\n${productId},W/1,15\n`, true)).body.issues).toMatchObject([
      { row: 2, column: 'etag', value: 'W/1' },
    ]);
    expect(await find()).toEqual(now);
  });

  const german = [
    'sep=;',
    '"# role: sales; as of: 2026-01-01T00:00:00.000Z; rows: 4 of 4";;;;',
    '',
    'Name;Manufacturer;Cost;Weight;IsActive',
    'Dreibein;Voss;1.249,90;1,200;WAHR',
    'Sack;Voss;1.250;0,5;FALSCH',
    ';;;;',
    '# Gurt;Voss;"20";2;',
  ];
  const files: Record<string, string | Uint8Array> = {
    'UTF-8 with a byte order mark and line ends of Windows': `\ufeff${german.join('\r\n')}\r\n`,
    'UTF-16 as Excel writes "Unicode text"': Buffer.from(`\ufeff${german.join('\n')}`, 'utf16le'),
    'UTF-16, the other way round': Buffer.from(`\ufeff${german.join('\n')}`, 'utf16le').swap16(),
    tabs: german.join('\n').replaceAll(';', '\t'),
  };
  it.each(Object.keys(files))('reads a file as a German spreadsheet saves it: %s', async (kind) => {
    const { body } = await csv(files[kind]!, true);
    expect(body).toMatchObject({ applied: false, rows: 3, added: 3, issues: [] });
    expect(body.changes).toMatchObject([
      { row: 5, name: 'Dreibein', cost: '1249.9', weight: '1.2', isActive: true },
      { row: 6, name: 'Sack', cost: '1250', weight: '0.5', isActive: false },
      { row: 8, name: '# Gurt', cost: '20', weight: '2' },
    ]);
  });

  it('refuses a number that can be two, by its row, until told what its decimals have', async () => {
    const text = 'name,manufacturer,cost,weight\n"Lens",Orre,"1.250",2\n';
    const { body } = await csv(text, true);
    expect(body.issues).toMatchObject([{ row: 2, column: 'cost', value: '1.250' }]);
    expect(body.issues[0].reason).toContain('1.25 or 1250');
    expect((await csv(text)).status).toBe(422);
    expect((await csv(text, true, '&decimals=point')).body.changes[0].cost).toBe('1.25');
    expect((await csv(text, true, '&decimals=comma')).body.changes[0].cost).toBe('1250');
    const told = `${text}Cap,Orre,"0.50",1\n`;
    expect((await csv(told, true)).body.changes[0].cost).toBe('1.25');
    const contradicting = `${told}Bag,Orre,"0,50",1\n`;
    expect((await csv(contradicting, true)).body.issues).toMatchObject([{ row: 2, column: 'cost' }]);
  });

  it('refuses a file that names a column twice, in any case of letters', async () => {
    const text = 'name,manufacturer,cost,weight,NAME\nLens,Orre,1.5,2,Cap\n';
    const { status, body } = await csv(text, true);
    expect([status, body.detail]).toEqual([422, expect.stringContaining('The column name is there twice')]);
  });

  it.each([
    ...['TRUE', 'Wahr', 'VERDADERO', 'Vero', 'WAAR', 'Sant', 'PRAWDA', 'ИСТИНА', 'DOĞRU', 'y'].map((word) => [
      word,
      true,
    ]),
    ...['false', 'FALSCH', 'FAUX', 'FALSO', 'Onwaar', 'FALSKT', 'FAŁSZ', 'ЛОЖЬ', 'YANLIŞ', 'n'].map(
      (word) => [word, false],
    ),
  ] as const)('reads isActive as a spreadsheet of that language writes it: %s', async (word, isActive) => {
    const text = `name,manufacturer,cost,weight,isActive\nA ${word},Orre,1.5,2, ${word} \n`;
    expect((await csv(text, true)).body).toMatchObject({ issues: [], changes: [{ isActive }] });
  });

  it('retires and restores by isActive, says what was before, and leaves alone what the file does not say', async () => {
    const { productId, name } = await aProduct({ manufacturer: 'Isak' });
    const file = (isActive: string, cost = '12.5') =>
      `productId,name,manufacturer,cost,weight,isActive\n${productId},${name},Isak,${cost},0.75,${isActive}\n`;
    const product = async () =>
      (await call('GET', `/sales/products/${productId}`, { headers: await sales() })).body;
    const preview = (await csv(file('false', '13'), true)).body;
    expect(preview.changes).toMatchObject([
      { row: 2, isActive: false, cost: '13', was: { isActive: true, cost: '12.5000' } },
    ]);
    expect((await csv(file('FALSE'))).body).toMatchObject({ changed: 1 });
    expect(await product()).toMatchObject({ isActive: false, retiredBy: 'person-Sales' });
    expect((await csv(file('false'))).body).toMatchObject({ unchanged: 1 });
    expect((await csv(file(''))).body).toMatchObject({ unchanged: 1 });
    expect((await csv(file('', '13'), true)).body.issues).toMatchObject([{ row: 2, column: 'productId' }]);
    expect((await csv(file('maybe'), true)).body.issues).toMatchObject([{ row: 2, column: 'isActive' }]);
    expect((await csv(file('true', '13'))).body).toMatchObject({ changed: 1 });
    expect(await product()).toMatchObject({ isActive: true, retiredAt: null, cost: '13.0000' });
    const fresh = 'name,manufacturer,cost,weight,isActive\nOld one,Isak,1.5,1,false\n';
    const { body } = await csv(fresh);
    const added = await call('GET', `/sales/products/${body.changes[0].productId}`, {
      headers: await sales(),
    });
    expect(added.body).toMatchObject({ isActive: false });
  });

  it('tells every version of a product, the present one first, and 404 of none', async () => {
    const { productId, etag } = await aProduct({ cost: '1.5' });
    const path = `/sales/products/${productId}`;
    const headers = { ...(await as(['Sales'], 'somebody-else')), 'if-match': etag as string };
    await call('PATCH', path, { headers, json: { cost: '2.5' } });
    await call('DELETE', path, { headers: await sales() });
    const { body } = await call('GET', `${path}/history`, { headers: await sales() });
    expect(body.versions).toMatchObject([
      { etag: '"3"', cost: '2.5000', isActive: false, changedBy: 'person-Sales' },
      { etag: '"2"', cost: '2.5000', isActive: true, changedBy: 'somebody-else' },
      { etag: '"1"', cost: '1.5000', isActive: true, changedBy: 'person-Sales' },
    ]);
    const { status } = await call('GET', '/sales/products/999999999/history', { headers: await sales() });
    expect(status).toBe(404);
  });

  it.each(['', 'a,b\n1,2\n', 'name,manufacturer,cost,weight\n"open'])(
    'refuses %j as no product file',
    async (text) => {
      expect((await csv(text)).status).toBeGreaterThanOrEqual(400);
      expect((await csv(text)).status).toBeLessThan(500);
    },
  );

  it('exports no cell that a spreadsheet takes for a formula, and takes the same products back', async () => {
    const names = [
      '=1+1',
      '+1',
      '-1',
      '@SUM(A1)',
      "'=1",
      "''-x",
      "'tis",
      '\uff1d1',
      '-',
      '#no comment',
      'x;=1',
    ];
    const manufacturer = '=HYPERLINK("http://x")';
    for (const name of names) await aProduct({ name, manufacturer });
    const text = (await call('GET', '/sales/products/export', { headers: await sales() })).body as string;
    const cells = text
      .split('\n')
      .filter((line) => line.includes('HYPERLINK'))
      .map((line) => line.split(',')[1]!);
    expect(cells).toEqual([
      "'=1+1",
      "'+1",
      "'-1",
      "'@SUM(A1)",
      "''=1",
      "'''-x",
      "'tis",
      "'\uff1d1",
      "'-",
      '#no comment',
      "x;'=1",
    ]);
    expect(text).not.toMatch(/(^|,)"?[=+@-]/m);
    expect((await csv(text)).body).toMatchObject({ added: 0, changed: 0, issues: [] });
  });

  it.each(['a\tb', 'a\nb', 'a\u0000b', 'a\u007fb', 'a\u009bb', 'a\u2028b', 'a\u202eb'])(
    'refuses a name with the control character of %j, by form and by file',
    async (name) => {
      const json = { name, manufacturer: 'Holm', cost: '1', weight: '1' };
      expect((await call('POST', '/sales/products', { headers: await sales(), json })).status).toBe(422);
      const file = `name,manufacturer,cost,weight\n"${name}",Holm,1,1\nPlain ${(serial += 1)},"${name}",1,1\n`;
      const { status, body } = await csv(file);
      expect([status, body.issues.map(({ path }: { path: string }) => path.split('.')[1])]).toEqual([
        422,
        ['name', 'manufacturer'],
      ]);
      expect((await csv(file, true)).body).toMatchObject({ applied: false, added: 0 });
    },
  );

  it.each(['a\ud800', '\tab', 'ab\r\n'])(
    'refuses the name %j, which a database or a form would change',
    async (name) => {
      const json = { name, manufacturer: 'Holm', cost: '1', weight: '1' };
      expect((await call('POST', '/sales/products', { headers: await sales(), json })).status).toBe(422);
    },
  );

  it('exports what the import takes back without a change, saying role, time and row count', async () => {
    const { body: text } = await call('GET', '/sales/products/export', { headers: await sales() });
    const [heading, ...lines] = (text as string).trimEnd().split('\n');
    expect(heading).toMatch(/^# role: sales; as of: \d{4}-.*Z; rows: \d+ of \d+$/);
    expect((await csv(text)).body).toMatchObject({ added: 0, changed: 0, unchanged: lines.length - 1 });
  });
});

describe('analytics', () => {
  it('answers the same totals by day, product and membership, to the last digit', async () => {
    const answers = await Promise.all(
      ['day', 'product', 'membership'].map(async (by) =>
        call('GET', `/analytics/sales?from=${today}&to=${today}&by=${by}`, {
          headers: await as(['Analytics']),
        }),
      ),
    );
    const cents = (text: string): bigint => BigInt(text.replace('.', ''));
    for (const { body } of answers) {
      const sum = body.rows.reduce(
        (total: bigint, row: { totalPrice: string }) => total + cents(row.totalPrice),
        0n,
      );
      expect(sum).toBe(cents(answers[0]!.body.totals.totalPrice));
    }
  });

  it('sums weeks from their Monday and months, as the days of each add up', async () => {
    const headers = await as(['Analytics']);
    const rowsBy = async (by: string) =>
      (await call('GET', `/analytics/sales?from=2024-01-01&to=${today}&by=${by}`, { headers })).body.rows as {
        key: string;
        orders: number;
        totalWeight: string;
      }[];
    const days = await rowsBy('day');
    const grams = (text: string): bigint => BigInt(text.replace('.', ''));
    for (const [by, keyOf] of [
      ['month', (day: string) => day.slice(0, 7)],
      ['week', (day: string) => mondays.find((monday) => monday <= day)!],
    ] as const) {
      const expected: Record<string, { orders: number; grams: bigint }> = {};
      for (const { key, orders, totalWeight } of days) {
        const sum = (expected[keyOf(key)] ??= { orders: 0, grams: 0n });
        sum.orders += orders;
        sum.grams += grams(totalWeight);
      }
      const rows = await rowsBy(by);
      expect(rows.map(({ key, orders, totalWeight }) => [key, orders, grams(totalWeight)])).toEqual(
        Object.entries(expected).map(([key, sum]) => [key, sum.orders, sum.grams]),
      );
    }
  });

  it('shows nothing that names a member', async () => {
    for (const path of ['sales?by=membership', 'membership', 'images']) {
      const { body } = await call('GET', `/analytics/${path}`, { headers: await as(['Analytics']) });
      expect(JSON.stringify(body)).not.toMatch(/Mia|example\.org|4670/);
    }
  });

  it('refuses a range that ends before it begins, or has more than 1100 days', async () => {
    const headers = await as(['Analytics']);
    expect((await call('GET', '/analytics/sales?from=2026-02-01&to=2026-01-01', { headers })).status).toBe(
      400,
    );
    expect((await call('GET', '/analytics/sales?from=2020-01-01&to=2026-01-01', { headers })).status).toBe(
      400,
    );
  });
});
