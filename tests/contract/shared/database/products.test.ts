import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { codeOf, describeEngines } from './support/describe-engines.ts';
import { as, shop } from './support/shop.ts';

describeEngines('products', (engine) => {
  const db = () => engine().database;
  const fresh = () => ({
    name: `Bag ${randomUUID()}`,
    manufacturer: 'Sennel',
    cost: '49.9000',
    weight: '0.780',
  });
  const add = async (product = fresh()) =>
    (await db().execute('sales', 'add_product', product, as('sam')))[0]!;
  const importRows = (rows: unknown[], dry_run = false) =>
    db().execute('sales', 'import_products', { rows, dry_run }, as('sam'));
  const find = (name: string) =>
    db().query('sales', 'products', { where: [{ column: 'name', operator: '=', value: name }] });

  test('adds a product as it was given, active, with who and when', async () => {
    const given = fresh();
    const added = await add({ ...given, name: `  ${given.name} ` });
    expect(added).toMatchObject({
      ...given,
      is_active: true,
      created_by: 'sam',
      row_version: 1,
      retired_at: null,
    });
    expect(added.created_at).toBeInstanceOf(Date);
  });

  test.each(['0', '0.0001', '999999999.9999'])('keeps a cost of %s to the last digit', async (cost) => {
    const { cost: kept } = await add({ ...fresh(), cost });
    expect(Number(kept)).toBe(Number(cost));
    expect(kept).toMatch(/^\d+\.\d{4}$/);
  });

  test.each([
    ['a negative cost', { cost: '-0.01' }],
    ['a cost with five decimals', { cost: '1.00001' }],
    ['a cost beyond what is sold', { cost: '1000000000' }],
    ['a negative weight', { weight: '-1' }],
    ['a weight with four decimals', { weight: '0.0001' }],
    ['no name', { name: '  ' }],
    ['an overlong name', { name: 'n'.repeat(201) }],
    ['no manufacturer', { manufacturer: '' }],
  ])('refuses a product with %s: invalid-value', async (_, wrong) => {
    expect(await codeOf(add({ ...fresh(), ...wrong }))).toBe('invalid-value');
  });

  test("refuses a name that the manufacturer's product has, in any case and also when retired: conflict", async () => {
    const given = fresh();
    const { product_id } = await add(given);
    expect(await codeOf(add({ ...given, name: given.name.toUpperCase() }))).toBe('conflict');
    await db().execute('sales', 'retire_product', { product_id }, as('sam'));
    expect(await codeOf(add(given))).toBe('conflict');
    expect((await add({ ...given, manufacturer: 'Another' })).row_version).toBe(1);
  });

  test('corrects the version that was seen, and no other', async () => {
    const { product_id } = await add();
    const correct = (row_version: number, more = {}) =>
      db().execute('sales', 'correct_product', { product_id, row_version, ...fresh(), ...more }, as('sue'));
    const [corrected] = await correct(1, { cost: '1.5' });
    expect([corrected!.cost, corrected!.row_version, corrected!.changed_by]).toEqual(['1.5000', 2, 'sue']);
    expect(await codeOf(correct(1))).toBe('precondition-failed');
    expect(await codeOf(correct(2, { weight: '-3' }))).toBe('invalid-value');
    expect(await codeOf(correct(2, { product_id: 999_999_999 }))).toBe('not-found');
  });

  test('of two corrections at once one wins and the other is told', async () => {
    const { product_id } = await add();
    const answers = await Promise.all(
      ['sam', 'sue'].map((actor) =>
        codeOf(
          db()
            .execute('sales', 'correct_product', { product_id, row_version: 1, ...fresh() }, as(actor))
            .then((rows) => Promise.reject(new Error(`version ${rows[0]!.row_version}`))),
        ),
      ),
    );
    expect(answers.sort()).toEqual(['precondition-failed', 'threw Error: version 2']);
  });

  test('a correction that changes nothing is no version', async () => {
    const given = fresh();
    const { product_id } = await add(given);
    const [same] = await db().execute(
      'sales',
      'correct_product',
      { product_id, row_version: 1, ...given },
      as('sue'),
    );
    expect(same!.row_version).toBe(1);
  });

  test('a corrected capital letter is a correction', async () => {
    const given = fresh();
    const { product_id } = await add(given);
    const name = given.name.toUpperCase();
    const [same] = await db().execute(
      'sales',
      'correct_product',
      { product_id, row_version: 1, ...given, name },
      as('x'),
    );
    expect([same!.name, same!.row_version]).toEqual([name, 2]);
  });

  test('retires and restores once each, and refuses to correct a retired product', async () => {
    const { product_id } = await add();
    const retire = (row_version?: number) =>
      db().execute('sales', 'retire_product', { product_id, ...(row_version && { row_version }) }, as('sue'));
    expect(await codeOf(retire(9))).toBe('precondition-failed');
    const [retired] = await retire(1);
    expect([retired!.is_active, retired!.retired_by, retired!.row_version]).toEqual([false, 'sue', 2]);
    expect((await retire())[0]).toEqual(retired);
    expect(
      await codeOf(
        db().execute('sales', 'correct_product', { product_id, row_version: 2, ...fresh() }, as('sue')),
      ),
    ).toBe('wrong-state');
    const [restored] = await db().execute('sales', 'restore_product', { product_id }, as('sue'));
    expect([restored!.is_active, restored!.retired_at, restored!.row_version]).toEqual([true, null, 3]);
    const nothing = { product_id: 999_999_999 };
    expect(await codeOf(db().execute('sales', 'retire_product', nothing, as('sue')))).toBe('not-found');
    expect(await codeOf(db().execute('sales', 'restore_product', nothing, as('sue')))).toBe('not-found');
  });

  test('the storefront sees active products only', async () => {
    const { product_id } = await add();
    const where = [{ column: 'product_id', operator: '=', value: product_id }] as const;
    expect(await db().query('storefront', 'products', { where })).toHaveLength(1);
    await db().execute('sales', 'retire_product', { product_id }, as('sue'));
    expect(await db().query('storefront', 'products', { where })).toEqual([]);
  });

  test('every change of a product is in the history, with before and after as exact texts', async () => {
    const { product_id } = await add({ ...fresh(), cost: '0.1000' });
    await db().execute(
      'sales',
      'correct_product',
      { product_id, row_version: 1, ...fresh(), cost: '0.2' },
      as('sue'),
    );
    await db().execute('sales', 'retire_product', { product_id }, as('sue'));
    await db().execute('sales', 'restore_product', { product_id }, as('sam'));
    const history = await db().query('operations', 'history', {
      where: [
        { column: 'entity', operator: '=', value: 'product' },
        { column: 'entity_id', operator: '=', value: product_id },
      ],
      orderBy: [['sequence', 'asc']],
    });
    expect(history.map(({ action, actor }) => [action, actor])).toEqual([
      ['added', 'sam'],
      ['corrected', 'sue'],
      ['retired', 'sue'],
      ['restored', 'sam'],
    ]);
    expect(history[1]!.before).toMatchObject({ cost: '0.1000' });
    expect(history[1]!.after).toMatchObject({ cost: '0.2000', rowVersion: 2 });
  });

  test('an import adds, changes and leaves alone; the same file again changes nothing', async () => {
    const known = await add();
    const [one, two] = [fresh(), fresh()];
    const rows = [
      { line: 2, ...one },
      { line: 3, productId: String(known.product_id), ...two, cost: '7' },
      { line: 4, name: ` ${known.name}x`, manufacturer: known.manufacturer, cost: '1.50', weight: '2' },
    ];
    const preview = await importRows(rows, true);
    expect(preview.map(({ line, outcome }) => [line, outcome])).toEqual([
      [2, 'added'],
      [3, 'changed'],
      [4, 'added'],
    ]);
    expect(await find(one.name)).toEqual([]);
    const done = await importRows(rows);
    expect(done.map(({ outcome }) => outcome)).toEqual(['added', 'changed', 'added']);
    expect(done.every(({ product_id }) => product_id !== null)).toBe(true);
    expect((await find(two.name))[0]).toMatchObject({
      product_id: known.product_id,
      cost: '7.0000',
      row_version: 2,
    });
    const again = await importRows(rows);
    expect(again.map(({ outcome }) => outcome)).toEqual(['unchanged', 'unchanged', 'unchanged']);
    expect((await find(two.name))[0]!.row_version).toBe(2);
  });

  test('an import with one fault says row, column, value and reason, and applies nothing', async () => {
    const good = fresh();
    const twice = fresh();
    const answers = await importRows([
      { line: 2, ...good },
      { line: 3, ...fresh(), cost: '1,50', weight: '-1' },
      { line: 4, ...fresh(), name: '' },
      { line: 5, productId: '999999999', ...fresh() },
      { line: 6, ...twice },
      { line: 7, ...twice, name: twice.name.toUpperCase() },
      { line: 8, ...fresh(), cost: '1e3' },
      { line: 9, productId: 'x', ...fresh() },
    ]);
    const faults = answers.filter(({ outcome }) => outcome === 'invalid');
    expect(faults.map(({ line, column_name, value }) => [line, column_name, value])).toEqual([
      [3, 'cost', '1,50'],
      [3, 'weight', '-1'],
      [4, 'name', ''],
      [5, 'productId', '999999999'],
      [7, 'name', twice.name.toUpperCase()],
      [8, 'cost', '1e3'],
      [9, 'productId', 'x'],
    ]);
    expect(faults.every(({ reason }) => reason !== null && reason.endsWith('.'))).toBe(true);
    expect(await find(good.name)).toEqual([]);
  });

  test('an import does not touch a retired product, unless nothing changes', async () => {
    const product = await add();
    await db().execute('sales', 'retire_product', { product_id: product.product_id }, as('sue'));
    const row = {
      line: 2,
      name: product.name,
      manufacturer: product.manufacturer,
      cost: '49.9',
      weight: '0.78',
    };
    expect((await importRows([row])).map(({ outcome }) => outcome)).toEqual(['unchanged']);
    const [fault] = await importRows([{ ...row, cost: '50' }]);
    expect([fault!.outcome, fault!.column_name]).toEqual(['invalid', 'productId']);
  });

  test('an import refuses to change a product that was changed since, unless nothing changes', async () => {
    const product = await add();
    const id = {
      productId: String(product.product_id),
      name: product.name,
      manufacturer: product.manufacturer,
    };
    const row = { line: 2, ...id, cost: '50', weight: '0.78' };
    expect((await importRows([{ ...row, rowVersion: 1 }])).map(({ outcome }) => outcome)).toEqual([
      'changed',
    ]);
    const [fault] = await importRows([{ ...row, cost: '51', rowVersion: 1 }]);
    expect(fault).toMatchObject({
      ...{ outcome: 'invalid', column_name: 'productId', value: id.productId },
      reason: 'Somebody changed the product since it was read.',
    });
    expect((await find(product.name))[0]).toMatchObject({ cost: '50.0000', row_version: 2 });
    expect((await importRows([{ ...row, rowVersion: 1 }])).map(({ outcome }) => outcome)).toEqual([
      'unchanged',
    ]);
  });

  test('an order takes the price of the version that it sold', async () => {
    const make = shop(db());
    const product = await make.product('3.0000', '1.000');
    await db().execute(
      'sales',
      'correct_product',
      { product_id: product, row_version: 1, ...fresh(), cost: '4' },
      as('x'),
    );
    const order = await make.order(await make.member(), [{ productId: product, quantity: 1 }]);
    expect(order.total_price).toBe('4.0000');
    const [sale] = await db().query('warehouse', 'fact_sales', {
      where: [{ column: 'order_id', operator: '=', value: order.order_id }],
    });
    expect(sale!.product_key).toBe(`${product}-2`);
  });
});
