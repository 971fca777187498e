import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { codeOf, describeEngines, errorOf } from './support/describe-engines.ts';
import { as, shop } from './support/shop.ts';

const unknown = 999_999_999;

describeEngines('orders', (engine, testIf) => {
  const db = () => engine().database;
  const make = () => shop(db());

  const placed = async (items = 1) => {
    const member = await make().member();
    const lines = [];
    for (let n = 0; n < items; n += 1) lines.push({ productId: await make().product(), quantity: n + 1 });
    return make().order(member, lines);
  };
  const historyOf = (order_id: number) =>
    db().query('operations', 'history', {
      where: [
        { column: 'entity', operator: '=', value: 'order' },
        { column: 'entity_id', operator: '=', value: order_id },
      ],
      orderBy: [['sequence', 'asc']],
    });

  test('an order has the exact sums of price and weight at the time of sale', async () => {
    const member = await make().member();
    const first = await make().product('0.1000', '0.001');
    const second = await make().product('12345678.9012', '0.333');
    const order = await make().order(member, [
      { productId: first, quantity: 3 },
      { productId: second, quantity: 3 },
    ]);
    expect([order.total_price, order.total_weight]).toEqual(['37037037.0036', '1.002']);
    const items = await db().query('logistics', 'order_items', {
      where: [{ column: 'order_id', operator: '=', value: order.order_id }],
      orderBy: [['line', 'asc']],
    });
    expect(items.map(({ line, quantity, price, weight }) => [line, quantity, price, weight])).toEqual([
      [1, 3, '0.3000', '0.003'],
      [2, 3, '37037036.7036', '0.999'],
    ]);
  });

  test('a later correction of a product does not rewrite the order', async () => {
    const member = await make().member();
    const product = await make().product('10.0000', '1.000');
    const order = await make().order(member, [{ productId: product, quantity: 2 }]);
    const correction = { name: `x ${randomUUID()}`, manufacturer: 'y', cost: '99', weight: '9' };
    await db().execute(
      'sales',
      'correct_product',
      { product_id: product, row_version: 1, ...correction },
      as('sam'),
    );
    const [item] = await db().query('logistics', 'order_items', {
      where: [{ column: 'order_id', operator: '=', value: order.order_id }],
    });
    expect([item!.unit_price, item!.price]).toEqual(['10.0000', '20.0000']);
  });

  test('the same request key is the same order, also when both arrive at once', async () => {
    const member = await make().member();
    const items = [{ productId: await make().product(), quantity: 1 }];
    const request_key = randomUUID();
    const both = await Promise.all([1, 2].map(() => make().order(member, items, { request_key })));
    expect(new Set(both.map(({ order_id }) => order_id)).size).toBe(1);
    expect(both.map(({ outcome }) => outcome).sort()).toEqual(['created', 'exists']);
  });

  test.each([
    ['an unknown member', 'not-found', { member_id: unknown }],
    ['an unknown product', 'not-found', { items: [{ productId: unknown, quantity: 1 }] }],
    ['no items', 'invalid-value', { items: [] }],
    ['a quantity of nothing', 'invalid-value', { quantity: 0 }],
    ['a negative quantity', 'invalid-value', { quantity: -1 }],
    ['an empty request key', 'invalid-value', { request_key: ' ' }],
    ['an overlong request key', 'invalid-value', { request_key: 'k'.repeat(101) }],
  ])('refuses an order with %s: %s', async (_, code, wrong: Record<string, unknown>) => {
    const good = {
      member_id: await make().member(),
      items: [
        { productId: await make().product(), quantity: (wrong['quantity'] as number | undefined) ?? 1 },
      ],
      request_key: randomUUID(),
    };
    const rest = Object.fromEntries(Object.entries(wrong).filter(([name]) => name !== 'quantity'));
    expect(await codeOf(db().execute('storefront', 'place_order', { ...good, ...rest }, as('x')))).toBe(code);
  });

  test('refuses an order for a retired product and one of a suspended member: wrong-state', async () => {
    const member = await make().member();
    const product = await make().product();
    await db().execute('sales', 'retire_product', { product_id: product }, as('sam'));
    const items = [{ productId: product, quantity: 1 }];
    expect(await codeOf(make().order(member, items))).toBe('wrong-state');
    await db().execute('sales', 'restore_product', { product_id: product }, as('sam'));
    const suspension = { member_id: member, membership: 'plus', status: 'suspended', reason: 'unpaid' };
    await db().execute('storefront', 'change_membership', suspension, as('sam'));
    expect(await codeOf(make().order(member, items))).toBe('wrong-state');
    await db().execute('storefront', 'change_membership', { ...suspension, status: 'active' }, as('sam'));
    expect((await make().order(member, items)).outcome).toBe('created');
  });

  test('a change of membership needs a reason, once', async () => {
    const member = await make().member();
    const change = { member_id: member, membership: 'plus', status: 'ended' };
    expect(
      await codeOf(db().execute('storefront', 'change_membership', { ...change, reason: ' ' }, as('x'))),
    ).toBe('invalid-value');
    const first = await db().execute(
      'storefront',
      'change_membership',
      { ...change, reason: 'moved' },
      as('x'),
    );
    const again = await db().execute(
      'storefront',
      'change_membership',
      { ...change, reason: 'moved' },
      as('x'),
    );
    expect([first[0]!.row_version, again[0]!.row_version]).toEqual([2, 2]);
    expect(
      await codeOf(
        db().execute('storefront', 'change_membership', { ...change, status: 'rich', reason: 'r' }, as('x')),
      ),
    ).toBe('invalid-value');
    expect(
      await codeOf(
        db().execute(
          'storefront',
          'change_membership',
          { ...change, member_id: unknown, reason: 'r' },
          as('x'),
        ),
      ),
    ).toBe('not-found');
  });

  test.each([
    ['a known e-mail address', 'conflict', {}],
    ['no name', 'invalid-value', { name: ' ', email: 'other@example.com' }],
    ['an overlong name', 'invalid-value', { name: 'n'.repeat(201), email: 'long@example.com' }],
    ['an unknown membership', 'invalid-value', { membership: 'gold', email: 'gold@example.com' }],
  ])('refuses to register a member with %s: %s', async (_, code, wrong) => {
    const good = { name: 'A', date_of_birth: '2000-01-01', mobile: '1', membership: 'plus' };
    const email = 'Known@example.com';
    await errorOf(db().execute('storefront', 'register_member', { ...good, email }, as('x')));
    const member = { ...good, email: 'known@EXAMPLE.com', ...wrong };
    expect(await codeOf(db().execute('storefront', 'register_member', member, as('x')))).toBe(code);
  });

  test('completes an order once: a retry answers the same and leaves one entry', async () => {
    const { order_id } = await placed();
    const [first] = await db().execute('logistics', 'complete_order', { order_id }, as('mia'));
    const [again] = await db().execute(
      'logistics',
      'complete_order',
      { order_id, row_version: 1 },
      as('noah'),
    );
    expect([first!.status, first!.completed_by, first!.row_version]).toEqual(['completed', 'mia', 2]);
    expect(again).toEqual(first);
    expect((await historyOf(order_id)).map(({ action, actor }) => [action, actor])).toEqual([
      ['placed', 'service:storefront'],
      ['completed', 'mia'],
    ]);
  });

  test('of two people who complete an order at once one does, the other sees who and when', async () => {
    const { order_id } = await placed();
    const complete = (actor: string) =>
      db().execute(
        'logistics',
        'complete_orders',
        { orders: [{ orderId: order_id, rowVersion: 1 }] },
        as(actor),
      );
    const [mia, noah] = (await Promise.all([complete('mia'), complete('noah')])).map((rows) => rows[0]!);
    expect([mia!.outcome, noah!.outcome].sort()).toEqual(['already-done', 'done']);
    const winner = mia!.outcome === 'done' ? 'mia' : 'noah';
    expect([mia!.completed_by, noah!.completed_by]).toEqual([winner, winner]);
    expect(mia!.completed_at).toEqual(noah!.completed_at);
    const completions = (await historyOf(order_id)).filter(({ action }) => action === 'completed');
    expect(completions.map(({ actor }) => actor)).toEqual([winner]);
  });

  test('two requests for the same orders, one from behind, complete each once', async () => {
    const member = await make().member();
    const items = [{ productId: await make().product(), quantity: 1 }];
    const seen = [];
    for (let n = 0; n < 4; n += 1) {
      const { order_id } = await make().order(member, items);
      seen.push({ orderId: order_id, rowVersion: 1 });
    }
    const lists = [seen, seen.toReversed()];
    const answers = await Promise.all(
      lists.map((orders, n) => db().execute('logistics', 'complete_orders', { orders }, as(`person ${n}`))),
    );
    expect(answers.map((rows) => rows.map(({ order_id }) => order_id))).toEqual(
      lists.map((orders) => orders.map(({ orderId }) => orderId)),
    );
    for (const { orderId } of seen) {
      const outcomes = answers.flat().filter(({ order_id }) => order_id === orderId);
      expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['already-done', 'done']);
    }
  });

  test('answers for each of several orders, and leaves alone what was not seen', async () => {
    const member = await make().member();
    const items = [{ productId: await make().product(), quantity: 1 }];
    const [open, done, cancelled, changed, unseen] = [
      await make().order(member, items),
      await make().order(member, items),
      await make().order(member, items),
      await make().order(member, items),
      await make().order(member, items),
    ];
    await db().execute('logistics', 'complete_order', { order_id: done.order_id }, as('lena'));
    await db().execute('storefront', 'cancel_order', { order_id: cancelled.order_id }, as('x'));
    const orders = [
      { orderId: open.order_id, rowVersion: 1 },
      { orderId: unknown, rowVersion: 1 },
      { orderId: done.order_id, rowVersion: 1 },
      { orderId: cancelled.order_id, rowVersion: 1 },
      { orderId: changed.order_id, rowVersion: 7 },
    ];
    const answers = await db().execute('logistics', 'complete_orders', { orders }, as('mia'));
    expect(
      answers.map(({ order_id, outcome, reason, completed_by }) => [order_id, outcome, reason, completed_by]),
    ).toEqual([
      [open.order_id, 'done', null, 'mia'],
      [unknown, 'refused', 'not-found', null],
      [done.order_id, 'already-done', null, 'lena'],
      [cancelled.order_id, 'refused', 'cancelled', null],
      [changed.order_id, 'refused', 'changed', null],
    ]);
    const [still] = await db().query('logistics', 'orders', {
      where: [{ column: 'order_id', operator: '=', value: unseen.order_id }],
    });
    expect([still!.status, still!.row_version]).toEqual(['pending', 1]);
  });

  test.each([
    ['an order without a version', [{ orderId: 1 }]],
    [
      'more than a thousand orders',
      Array.from({ length: 1001 }, (_, n) => ({ orderId: n + 1, rowVersion: 1 })),
    ],
  ])('refuses to complete %s: invalid-value', async (_, orders) => {
    expect(await codeOf(db().execute('logistics', 'complete_orders', { orders }, as('mia')))).toBe(
      'invalid-value',
    );
  });

  test('refuses to complete what is unknown, cancelled, or changed since it was seen', async () => {
    const { order_id } = await placed();
    const complete = (parameters: { order_id: number; row_version?: number }) =>
      codeOf(db().execute('logistics', 'complete_order', parameters, as('mia')));
    expect(await complete({ order_id: unknown })).toBe('not-found');
    expect(await complete({ order_id, row_version: 4 })).toBe('precondition-failed');
    await db().execute('storefront', 'cancel_order', { order_id }, as('x'));
    expect(await complete({ order_id })).toBe('wrong-state');
  });

  test('cancels an order once, and none that is completed', async () => {
    const { order_id } = await placed();
    const [first] = await db().execute('storefront', 'cancel_order', { order_id }, as('x'));
    const [again] = await db().execute('storefront', 'cancel_order', { order_id }, as('x'));
    expect([first!.status, again!.row_version]).toEqual(['cancelled', first!.row_version]);
    const other = await placed();
    await db().execute('logistics', 'complete_order', { order_id: other.order_id }, as('mia'));
    expect(
      await codeOf(db().execute('storefront', 'cancel_order', { order_id: other.order_id }, as('x'))),
    ).toBe('wrong-state');
    expect(await codeOf(db().execute('storefront', 'cancel_order', { order_id: unknown }, as('x')))).toBe(
      'not-found',
    );
  });

  test('reopens a completed order for a reason, which the history keeps', async () => {
    const { order_id } = await placed();
    const reopen = (row_version: number, reason: string, id = order_id) =>
      db().execute('logistics_lead', 'reopen_order', { order_id: id, row_version, reason }, as('lee'));
    expect(await codeOf(reopen(1, 'wrong box'))).toBe('wrong-state');
    expect(await codeOf(reopen(1, 'wrong box', unknown))).toBe('not-found');
    await db().execute('logistics', 'complete_order', { order_id }, as('mia'));
    expect(await codeOf(reopen(2, ' '))).toBe('invalid-value');
    expect(await codeOf(reopen(1, 'wrong box'))).toBe('precondition-failed');
    const [done] = await db().query('logistics', 'orders', {
      where: [{ column: 'order_id', operator: '=', value: order_id }],
    });
    const [open] = await reopen(2, 'wrong box');
    expect([open!.status, open!.completed_by, open!.row_version]).toEqual(['pending', null, 3]);
    const history = await historyOf(order_id);
    expect(history.map(({ action, actor, reason }) => [action, actor, reason])).toEqual([
      ['placed', 'service:storefront', null],
      ['completed', 'mia', null],
      ['reopened', 'lee', 'wrong box'],
    ]);
    expect(history[2]!.before).toMatchObject({ status: 'completed', completedBy: 'mia', rowVersion: 2 });
    const { completedAt } = history[2]!.before as { completedAt: string };
    expect(new Date(completedAt)).toEqual(done!.completed_at);
    expect(history[2]!.after).toMatchObject({ status: 'pending', completedBy: null, totalPrice: '19.9900' });
  });

  test('the history also has what the owner does past all procedures', async () => {
    const { order_id } = await placed();
    await engine().sql(
      `UPDATE orders.transactions SET reopen_reason = 'by hand' WHERE transaction_id = ${order_id}`,
    );
    expect((await historyOf(order_id)).map(({ action }) => action)).toEqual(['placed', 'corrected']);
  });

  test('nothing is removed from orders or history, not even by the owner', async () => {
    const { order_id } = await placed();
    const removals = [
      `DELETE FROM orders.transactions WHERE transaction_id = ${order_id}`,
      `DELETE FROM orders.transaction_items WHERE transaction_id = ${order_id}`,
      `UPDATE orders.transaction_items SET quantity = 9 WHERE transaction_id = ${order_id}`,
      `DELETE FROM orders.history WHERE entity_id = ${order_id}`,
      `DELETE FROM orders.products WHERE product_id > 0`,
    ];
    for (const statement of removals)
      expect([statement, await errorOf(engine().sql(statement))]).not.toContain(undefined);
    expect((await historyOf(order_id)).length).toBe(1);
  });

  testIf('personal logins', 'a person is recorded as who signed in, whatever they claim', async () => {
    const { order_id } = await placed();
    const person = await engine().person('logistics');
    await person.database.execute('logistics', 'complete_order', { order_id }, as('somebody else'));
    const history = await historyOf(order_id);
    expect(history.map(({ actor }) => actor)).toEqual(['service:storefront', person.login]);
  });

  test('the day of an order is its day in UTC, and the daily sums leave cancelled orders out', async () => {
    const member = await make().member();
    const items = [{ productId: await make().product('5.0000', '0.500'), quantity: 2 }];
    const at = (time: string) => ({ placed_at: new Date(`2021-03-04T${time}Z`) });
    await make().order(member, items, at('00:00:00.000'));
    const done = await make().order(member, items, at('23:59:59.999'));
    const gone = await make().order(member, items, at('12:00:00.000'));
    await make().order(member, items, { placed_at: new Date('2021-03-05T00:00:00.000Z') });
    await db().execute('logistics', 'complete_order', { order_id: done.order_id }, as('mia'));
    await db().execute('storefront', 'cancel_order', { order_id: gone.order_id }, as('x'));
    const [day] = await db().query('logistics', 'daily', {
      where: [{ column: 'day', operator: '=', value: '2021-03-04' }],
    });
    expect(day).toEqual({
      day: '2021-03-04',
      orders: 3,
      pending: 1,
      completed: 1,
      cancelled: 1,
      total_weight: '2.000',
      total_price: '20.0000',
    });
  });
});
