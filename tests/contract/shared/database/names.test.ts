import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { codeOf, describeEngines } from './support/describe-engines.ts';
import { as } from './support/shop.ts';

/**
 * What Latin1_General_100_CI_AS_SC says of two names: case, kana type and width make no difference, an accent does, and
 * characters beyond the first plane are characters. Microsoft: "Collation and Unicode support", "Collation levels".
 */
const pairs: readonly (readonly [
  one: string,
  other: string,
  verdict: 'one name' | 'two names',
  why: string,
])[] = [
  ['Lens', 'LENS', 'one name', 'case'],
  ['Élan', 'élan', 'one name', 'case of a letter with an accent'],
  ['Ждать', 'ЖДАТЬ', 'one name', 'case beyond Latin'],
  ['𐐀', '𐐨', 'one name', 'case of supplementary letters'],
  ['Lens', 'Léns', 'two names', 'accent'],
  ['Léns', 'Lèns', 'two names', 'one accent and another'],
  ['Léns', 'Le\u0301ns', 'one name', 'an accent composed and combined'],
  ['ひかり', 'ヒカリ', 'one name', 'kana type'],
  ['は', 'ば', 'two names', 'voiced kana'],
  ['Ｌｅｎｓ', 'Lens', 'one name', 'width of Latin'],
  ['ヒカリ', 'ﾋｶﾘ', 'one name', 'width of kana'],
  ['Lens 😼', 'Lens 😽', 'two names', 'supplementary characters'],
  ['Lens 😼', 'Lens', 'two names', 'a supplementary character and none'],
  ['𠮷田', '𠮸田', 'two names', 'supplementary ideographs'],
  ['Lens-A', 'LensA', 'two names', 'punctuation'],
  ['Lens A', 'LensA', 'two names', 'a space'],
];

describeEngines('names', (engine, testIf) => {
  const add = (name: string, manufacturer: string) =>
    codeOf(
      engine()
        .database.execute('sales', 'add_product', { name, manufacturer, cost: '1', weight: '1' }, as('sam'))
        .then(() => 'added'),
    );

  for (const [one, other, verdict, why] of pairs) {
    testIf('collation', `${one} and ${other} are ${verdict} (${why})`, async () => {
      const maker = `Maker ${randomUUID()}`;
      expect(await add(one, maker)).toContain('added');
      expect(await add(other, maker)).toContain(verdict === 'one name' ? 'conflict' : 'added');
    });

    testIf('collation', `an import sees ${one} and ${other} as ${verdict}`, async () => {
      const manufacturer = `Maker ${randomUUID()}`;
      await add(one, manufacturer);
      const rows = [{ line: 1, name: other, manufacturer, cost: '1.0000', weight: '1.000' }];
      const [row] = await engine().database.execute(
        'sales',
        'import_products',
        { rows, dry_run: true },
        as('sam'),
      );
      expect(row!.outcome).toBe(verdict === 'one name' ? 'changed' : 'added');
    });
  }

  testIf('collation', 'a supplementary character alone is a name; nothing and spaces are none', async () => {
    expect(await add('😼', `Maker ${randomUUID()}`)).toContain('added');
    expect(await add('', 'Halden')).toBe('invalid-value');
    expect(await add('   ', 'Halden')).toBe('invalid-value');
  });

  testIf('collation', 'a name has 200 UTF-16 units on either engine, in an import as well', async () => {
    expect(await add('😼'.repeat(100), 'Halden')).toContain('added');
    expect(await add(`${'😽'.repeat(100)}o`, 'Halden')).toBe('invalid-value');
    const rows = [{ line: 1, name: `${'😽'.repeat(100)}o`, manufacturer: 'Halden', cost: '1', weight: '1' }];
    const [row] = await engine().database.execute(
      'sales',
      'import_products',
      { rows, dry_run: true },
      as('sam'),
    );
    expect(row).toMatchObject({ outcome: 'invalid', column_name: 'name' });
  });

  testIf('collation', 'an address of a member is one whatever its case', async () => {
    const register = (email: string) =>
      codeOf(
        engine().database.execute(
          'storefront',
          'register_member',
          { name: 'Ada', email, date_of_birth: '1990-02-28', mobile: '1', membership: 'plus' },
          as('service:storefront'),
        ),
      );
    const address = `${randomUUID()}@example.com`;
    expect(await register(address)).toContain('succeeded');
    expect(await register(address.toUpperCase())).toBe('conflict');
  });

  testIf('collation', 'a search finds a name whatever its case, and no other accent', async () => {
    const manufacturer = `Maker ${randomUUID()}`;
    await add('Grand Élan 50%_x', manufacturer);
    const found = async (value: string) =>
      (
        await engine().database.query('sales', 'products', {
          where: [
            { column: 'manufacturer', operator: '=', value: manufacturer },
            { column: 'name', operator: 'contains', value },
          ],
        })
      ).length;
    expect([await found('GRAND é'), await found('50%_X'), await found('elan'), await found('50_')]).toEqual([
      1, 1, 0, 0,
    ]);
  });
});
