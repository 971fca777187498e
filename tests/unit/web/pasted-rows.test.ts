import { describe, expect, test } from '@jest/globals';
import type { Product } from '../../../client/api-types.ts';
import { readingsOf, type PastePlace } from '../../../web/src/pages/sales/pasted-rows.ts';

const product = (productId: number): Product => ({
  ...{ productId, name: `Product ${productId}`, manufacturer: 'Darkroom', cost: '1.0000', weight: '1.000' },
  ...{ isActive: true, createdAt: '', createdBy: '', changedAt: '', changedBy: '' },
  ...{ retiredAt: null, retiredBy: null, etag: `"${productId + 1}"` },
});
const at = (field: PastePlace['field'], row = 0): PastePlace => ({
  products: [product(7), product(8), product(9)],
  row,
  field,
});

/** The one meaning, as the rows of the file that is imported, and the row of the first of them. */
const only = (text: string, place?: PastePlace) => {
  const readings = readingsOf(text, place);
  if (typeof readings === 'string') throw new Error(readings);
  expect(readings).toHaveLength(1);
  const [{ name, body, rowOffset }] = readings as [(typeof readings)[0]];
  return { name, lines: body.split('\n'), rowOffset };
};

const columns = 'name,manufacturer,cost,weight';

describe('rows that were pasted', () => {
  test.each([
    ['Excel', 'Print A\tNorrvik\t1,5\t0,2\r\nPrint B\tNorrvik\t2,5\t0,3\r\n'],
    ['LibreOffice', 'Print A\tNorrvik\t1,5\t0,2\nPrint B\tNorrvik\t2,5\t0,3\n'],
    ['Google Sheets', 'Print A\tNorrvik\t1,5\t0,2\nPrint B\tNorrvik\t2,5\t0,3'],
    ['a German CSV file', 'Print A;Norrvik;1,5;0,2\r\nPrint B;Norrvik;2,5;0,3\r\n'],
  ])('from %s without names of columns are new products, counted from the first', (_from, text) => {
    expect(only(text)).toEqual({
      name: 'New products',
      lines: [columns, 'Print A,Norrvik,"1,5","0,2"', 'Print B,Norrvik,"2,5","0,3"'],
      rowOffset: -1,
    });
  });

  test('from an English CSV file keep a semicolon in a name', () => {
    expect(only('"Print; A",Norrvik,1.5,0.2\nPrint B,Norrvik,2.5,0.3').lines[1]).toBe(
      'Print; A,Norrvik,1.5,0.2',
    );
  });

  test('keep quotes within a cell, and a comma', () => {
    expect(only('12" print, matte\tNorrvik\t1\t2').lines[1]).toBe('"12"" print, matte",Norrvik,1,2');
  });

  test('keep a name that a spreadsheet would calculate as text', () => {
    expect(only('=1+1\tNorrvik\t1\t2').lines[1]).toBe("'=1+1,Norrvik,1,2");
  });

  test('with the names of the columns, in any case and order, are read as they name them', () => {
    const text = 'WEIGHT\tName\tManufacturer\tCost\n1\tPrint\tNorrvik\t2\n';
    expect(only(text, at('cost'))).toEqual({
      name: 'As the first row names them',
      lines: ['WEIGHT,Name,Manufacturer,Cost', '1,Print,Norrvik,2'],
      rowOffset: 0,
    });
  });

  test('with the heading of an export keep their rows', () => {
    const text = `# role: sales; as of: 2026-01-01T00:00:00.000Z; rows: 1 of 1\nproductId,${columns},isActive\n7,A,B,1,2,true\n`;
    expect(only(text).lines).toEqual([
      '# role: sales; as of: 2026-01-01T00:00:00.000Z; rows: 1 of 1',
      `productId,${columns},isActive`,
      '7,A,B,1,2,true',
    ]);
  });

  test('of six and of five columns are the export’s, with the product id or with the state', () => {
    expect(only('7\tA\tB\t1\t2\ttrue').lines[0]).toBe(`productId,${columns},isActive`);
    expect(only('7\tA\tB\t1\t2').lines[0]).toBe(`productId,${columns}`);
    expect(only('A\tB\t1\t2\tfalse').lines[0]).toBe(`${columns},isActive`);
  });

  test('at a cell go over the products from there on, in the versions that are seen, and no other column', () => {
    expect(only('1,5\r\n2,5\r\n', at('cost', 1))).toEqual({
      name: 'Over the products from the cell on',
      lines: ['productId,etag,cost', '8,"""9""","1,5"', '9,"""10""","2,5"'],
      rowOffset: -1,
    });
    expect(only('1\t2', at('cost')).lines).toEqual(['productId,etag,cost,weight', '7,"""8""",1,2']);
  });

  test('at a cell under the names of some columns go over those', () => {
    expect(only('Weight\n0.5\n', at('name'))).toEqual({
      name: 'Over the products from the cell on',
      lines: ['productId,etag,weight', '7,"""8""",0.5'],
      rowOffset: 0,
    });
  });

  test('that can be new or go over others are new first', () => {
    const readings = readingsOf('A\tB\t1\t2', at('name'));
    expect(typeof readings === 'object' && readings.map(({ name }) => name)).toEqual([
      'New products',
      'Over the products from the cell on',
    ]);
  });

  test.each([
    ['1\n2\n3', at('cost', 1), 'has 3 rows; there are 2 on this page, from Product 8 on'],
    ['1\t2', at('weight'), 'has 2 columns; there is place for 1, from Weight in kg on'],
    ['1\t2\n3\t4', undefined, 'Four columns are needed'],
    ['\n\n', undefined, 'no row'],
  ])('that do not fit say why: %j', (text, place, why) => {
    expect(readingsOf(text, place)).toContain(why);
  });
});
