import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from '@jest/globals';
import { codeOf, describeEngines } from './support/describe-engines.ts';
import { as } from './support/shop.ts';

const maker = `Port ${randomUUID()}`;

describeEngines('the port', (engine) => {
  const db = () => engine().database;
  const own = { column: 'manufacturer', operator: '=', value: maker } as const;
  const names = ['50% off', '50 off', 'a_b', 'aXb', 'Back\\slash', '[x]', "quote's", 'Ümlaut', 'zeta'];

  beforeAll(async () => {
    for (const [index, name] of names.entries()) {
      const product = { name, manufacturer: maker, cost: `${index % 3}.5`, weight: '1' };
      await db().execute('sales', 'add_product', product, as('sam'));
    }
  });

  test.each([
    ['50%', ['50% off']],
    ['a_b', ['a_b']],
    ['\\', ['Back\\slash']],
    ['[x]', ['[x]']],
    ["'", ["quote's"]],
    ['BACK', ['Back\\slash']],
    ['', names],
  ])('contains finds the literal text %j, in any case', async (value, found) => {
    const rows = await db().query('sales', 'products', {
      where: [own, { column: 'name', operator: 'contains', value }],
    });
    expect(rows.map(({ name }) => name).sort()).toEqual([...found].sort());
  });

  test.each([
    ['=', '1.5', 3],
    ['<>', '1.5', 6],
    ['<', '1.5', 3],
    ['<=', '1.5', 6],
    ['>', '1.5', 3],
    ['>=', '1.5', 6],
    ['in', ['0.5', '2.5'], 6],
    ['in', [], 0],
  ] as const)('compares decimals with %s %j', async (operator, value, count) => {
    const rows = await db().query('sales', 'products', { where: [own, { column: 'cost', operator, value }] });
    expect(rows).toHaveLength(count);
  });

  test('tells null from not null', async () => {
    const count = async (operator: 'is null' | 'is not null') =>
      (await db().query('sales', 'products', { where: [own, { column: 'retired_at', operator }] })).length;
    expect([await count('is null'), await count('is not null')]).toEqual([names.length, 0]);
  });

  test('pages by key in mixed directions, each row once and in order', async () => {
    const orderBy = [
      ['cost', 'desc'],
      ['product_id', 'asc'],
    ] as const;
    const all = await db().query('sales', 'products', { where: [own], orderBy });
    const paged: typeof all = [];
    for (;;) {
      const last = paged.at(-1);
      const after = last === undefined ? {} : { after: [last.cost, last.product_id] };
      const page = await db().query('sales', 'products', { where: [own], orderBy, limit: 2, ...after });
      paged.push(...page);
      if (page.length < 2) break;
    }
    expect(paged).toEqual(all);
    expect(all).toHaveLength(names.length);
  });

  test('streams the rows that a query answers', async () => {
    const orderBy = [['product_id', 'asc']] as const;
    const rows = await db().query('sales', 'products', { where: [own], orderBy });
    const streamed = [];
    for await (const batch of db().stream('sales', 'products', { where: [own], orderBy }))
      streamed.push(...batch);
    expect(streamed).toEqual(rows);
  });

  test('a stream that is left early leaves nothing behind, and others get their turn meanwhile', async () => {
    for await (const batch of db().stream('warehouse', 'dim_date')) {
      expect(batch.length).toBeGreaterThan(0);
      expect(await db().query('sales', 'products', { where: [own], limit: 1 })).toHaveLength(1);
      break;
    }
    const all = [];
    for await (const batch of db().stream('warehouse', 'dim_date')) all.push(...batch);
    expect(all).toHaveLength(12_784);
  });

  test('a text is a value, whatever it looks like', async () => {
    const value = "'; DROP TABLE orders.products; --";
    expect(
      await db().query('sales', 'products', { where: [{ column: 'name', operator: '=', value }] }),
    ).toEqual([]);
    const rows = await db().query('sales', 'products', { where: [own] });
    expect(rows).toHaveLength(names.length);
  });

  test('an actor is a value, too', async () => {
    const actor = "o'brien\\'; RESET ROLE; --";
    const product = { name: `By ${randomUUID()}`, manufacturer: 'x', cost: '1', weight: '1' };
    const [added] = await db().execute('sales', 'add_product', product, as(actor));
    expect(added!.created_by).toBe(actor);
  });

  test('a column or view outside of the catalogue never reaches the database', async () => {
    const where = [{ column: 'name = name OR 1', operator: '=', value: 1 }] as never;
    expect(await codeOf(db().query('sales', 'products', { where }))).toMatch(/no column/);
    expect(await codeOf(db().query('sales', 'members' as never))).toMatch(/no view/);
  });

  test('a failed call leaves nothing behind for the next one', async () => {
    const bad = { name: '', manufacturer: 'x', cost: '1', weight: '1' };
    const calls = Array.from({ length: 20 }, (_, n) =>
      n % 2 === 0
        ? codeOf(db().execute('sales', 'add_product', bad, as('x')))
        : db()
            .query('logistics', 'orders', { limit: 1 })
            .then(() => 'answered'),
    );
    const answers = await Promise.all(calls);
    expect(new Set(answers)).toEqual(new Set(['invalid-value', 'answered']));
  });
});
