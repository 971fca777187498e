import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { describeEngines } from './support/describe-engines.ts';
import { as, shop } from './support/shop.ts';

describeEngines('figures', (engine, testIf) => {
  const db = () => engine().database;
  const make = () => shop(db());
  const inMay = { placed_at: new Date('2022-05-10T08:00:00.000Z') };

  test('sales by day, product and membership agree to the last digit', async () => {
    const member = await make().member();
    const [lens, bag] = [await make().product('0.1000', '0.001'), await make().product('2.5000', '1.500')];
    await make().order(member, [{ productId: lens, quantity: 3 }], inMay);
    await make().order(
      member,
      [
        { productId: lens, quantity: 1 },
        { productId: bag, quantity: 2 },
      ],
      inMay,
    );
    const gone = await make().order(member, [{ productId: bag, quantity: 9 }], inMay);
    await db().execute('storefront', 'cancel_order', { order_id: gone.order_id }, as('x'));
    const where = [{ column: 'day', operator: '=', value: '2022-05-10' }] as const;
    const sums = { quantity: 6, total_price: '5.4000', total_weight: '3.004' };
    expect(await db().query('analytics', 'sales_by_day', { where })).toEqual([
      { day: '2022-05-10', orders: 2, ...sums, completed: 0, cancelled: 1 },
    ]);
    expect(await db().query('analytics', 'sales_by_membership', { where })).toEqual([
      { day: '2022-05-10', membership: 'plus', orders: 2, ...sums },
    ]);
    const products = await db().query('analytics', 'sales_by_product', {
      where,
      orderBy: [['product_id', 'asc']],
    });
    expect(
      products.map(({ product_id, orders, quantity, total_price, total_weight }) => [
        ...[product_id, orders, quantity, total_price, total_weight],
      ]),
    ).toEqual([
      [lens, 2, 4, '0.4000', '0.004'],
      [bag, 1, 2, '5.0000', '3.000'],
    ]);
    const range = { from_day: '2022-05-01', to_day: '2022-05-31' };
    const totals = await db().execute('analytics', 'product_totals', range, as('ana'));
    expect(totals.map(({ product_id, total_price }) => [product_id, total_price])).toEqual([
      [bag, '5.0000'],
      [lens, '0.4000'],
    ]);
    expect(await db().execute('analytics', 'membership_totals', range, as('ana'))).toEqual([
      { membership: 'plus', orders: 2, ...sums },
    ]);
    expect(
      await db().execute(
        'analytics',
        'product_totals',
        { from_day: '2022-06-01', to_day: '2022-06-30' },
        as('a'),
      ),
    ).toEqual([]);
  });

  test('membership counts a member in the state of the day', async () => {
    const today = new Date().toISOString().slice(0, 10);
    const count = async (status: string) =>
      (
        await db().query('analytics', 'membership', {
          where: [
            { column: 'day', operator: '=', value: today },
            { column: 'membership', operator: '=', value: 'professional' },
            { column: 'status', operator: '=', value: status },
          ],
        })
      )[0]?.members;
    const member_id = await make().member();
    const change = (status: string) =>
      db().execute(
        'storefront',
        'change_membership',
        { member_id, membership: 'professional', status, reason: 'r' },
        as('x'),
      );
    await change('active');
    expect([await count('active'), await count('suspended')]).toEqual([1, 0]);
    await change('suspended');
    expect([await count('active'), await count('suspended')]).toEqual([0, 1]);
  });

  test('the warehouse gets every change above its watermark, and nothing personal', async () => {
    const watermarkOf = (rows: readonly { changed: number }[]): number =>
      rows.reduce((highest, { changed }) => Math.max(highest, changed), 0);
    const after = (changed: number) => ({
      where: [{ column: 'changed', operator: '>', value: changed }] as const,
    });
    const member = await make().member();
    const product = await make().product();
    const order = await make().order(member, [{ productId: product, quantity: 1 }]);
    const sales = await db().query('warehouse', 'fact_sales');
    const members = await db().query('warehouse', 'dim_member');
    expect(sales.map(({ order_id }) => order_id)).toContain(order.order_id);
    expect(await db().query('warehouse', 'fact_sales', after(watermarkOf(sales)))).toEqual([]);

    await db().execute('logistics', 'complete_order', { order_id: order.order_id }, as('mia'));
    const late = await make().order(member, [{ productId: product, quantity: 2 }], inMay);
    const corrected = await db().query('warehouse', 'fact_sales', after(watermarkOf(sales)));
    expect(corrected.map(({ order_id, status, day }) => [order_id, status, day]).sort()).toEqual(
      [
        [order.order_id, 'completed', order.placed_at.toISOString().slice(0, 10)],
        [late.order_id, 'pending', '2022-05-10'],
      ].sort(),
    );
    await db().execute(
      'storefront',
      'change_membership',
      { member_id: member, membership: 'plus', status: 'ended', reason: 'r' },
      as('x'),
    );
    const versions = await db().query('warehouse', 'dim_member', after(watermarkOf(members)));
    expect(versions.map(({ version, status, is_current }) => [version, status, is_current]).sort()).toEqual([
      [1, 'active', false],
      [2, 'ended', true],
    ]);
    const everything = JSON.stringify([sales, members, corrected, versions]);
    expect(everything).not.toMatch(/@example|Ada|Berg|1990|\+49/);
  });

  test('what the warehouse shows is below the horizon that it tells', async () => {
    await make().order(await make().member(), [{ productId: await make().product(), quantity: 1 }]);
    const sales = await db().query('warehouse', 'fact_sales');
    const [horizon] = await db().query('warehouse', 'horizon');
    expect(sales.length).toBeGreaterThan(0);
    expect(sales.filter(({ changed }) => changed >= horizon!.changed)).toEqual([]);
  });

  test('a product keeps each of its versions with the time that it held', async () => {
    const product = await make().product('1.0000');
    await db().execute(
      'sales',
      'correct_product',
      { product_id: product, row_version: 1, name: randomUUID(), manufacturer: 'M', cost: '2', weight: '1' },
      as('sue'),
    );
    const versions = await db().query('warehouse', 'dim_product', {
      where: [{ column: 'product_id', operator: '=', value: product }],
      orderBy: [['version', 'asc']],
    });
    expect(versions.map(({ product_key, cost, is_current }) => [product_key, cost, is_current])).toEqual([
      [`${product}-1`, '1.0000', false],
      [`${product}-2`, '2.0000', true],
    ]);
    expect(versions[0]!.valid_to).toEqual(versions[1]!.valid_from);
  });

  test('totals for verification are those of the facts', async () => {
    await make().order(await make().member(), [{ productId: await make().product('3.3300'), quantity: 3 }], {
      placed_at: new Date('2023-07-07T00:00:00.000Z'),
    });
    const where = [{ column: 'day', operator: '=', value: '2023-07-07' }] as const;
    const [total] = await db().query('warehouse', 'totals_by_day', { where });
    expect(total).toMatchObject({ status: 'pending', orders: 1, lines: 1, quantity: 3, price: '9.9900' });
  });

  test('an export remembers how far it came, and never goes back', async () => {
    const record = (watermark: number, rows: number) =>
      db().execute(
        'warehouse',
        'record_export',
        { table_name: 'fact_sales', watermark, rows, files: 1, bytes: 9, at: new Date(), run: randomUUID() },
        as('service:warehouse'),
      );
    await record(10, 5);
    await record(12, 7);
    await record(11, 1);
    const [seen] = await db().query('operations', 'exports');
    expect([seen!.watermark, seen!.rows]).toEqual([12, 7]);
  });

  test.each([
    ['2026-01-01', { iso_year: 2026, iso_week: 1, weekday: 4, quarter: 1, is_weekend: false }],
    ['2027-01-03', { iso_year: 2026, iso_week: 53, weekday: 7, quarter: 1, is_weekend: true }],
    ['2024-12-30', { iso_year: 2025, iso_week: 1, weekday: 1, quarter: 4, is_weekend: false }],
  ])('the calendar knows %s as ISO 8601 does', async (day, known) => {
    const [date] = await db().query('warehouse', 'dim_date', {
      where: [{ column: 'day', operator: '=', value: day }],
    });
    expect(date).toMatchObject(known);
  });

  testIf('permission catalogue', 'analytics cannot write through its procedures either', async () => {
    const { database } = await engine().person('analytics');
    const range = { from_day: '2022-05-01', to_day: '2022-05-31' };
    const before = await engine().sql('SELECT count(*) AS n FROM orders.history');
    await database.execute('analytics', 'product_totals', range, as('ana'));
    expect(await engine().sql('SELECT count(*) AS n FROM orders.history')).toEqual(before);
  });
});
