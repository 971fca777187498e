import { describe, expect, test } from '@jest/globals';
import powerQuery from '@microsoft/powerquery-parser';
import { modelRules } from './support/model-rules.ts';
import { readFiles, readModel, type Files } from './support/project.ts';
import { reportRules } from './support/report-rules.ts';

const files = readFiles();
const rules = [...modelRules, ...reportRules];

describe('the Power BI project', () => {
  test.each(rules)('%s', (_rule, faults) => {
    expect(faults(files)).toEqual([]);
  });

  test('is all there', () => {
    const model = readModel(files);
    expect(model.tables).toHaveLength(9);
    expect(model.tables.flatMap(({ measures }) => measures).length).toBeGreaterThan(20);
    expect(model.relationships.length).toBeGreaterThan(5);
    expect(model.roles).toHaveLength(1);
    expect([...files.keys()].filter((path) => path.endsWith('/visual.json')).length).toBeGreaterThan(25);
  });
});

const parse = (m: string) => powerQuery.TaskUtils.tryLexParse(powerQuery.DefaultSettings, m);

describe('the queries in M', () => {
  const { tables, parameters } = readModel(files);
  const queries = [
    ...tables.map(({ name, source }) => [name, source]),
    ...parameters.map(({ name, value }) => [name, value]),
  ];

  test.each(queries)('%s parses', async (_name, m) => {
    expect(powerQuery.TaskUtils.isParseStageOk(await parse(m))).toBe(true);
  });

  test('a comma too many does not', async () => {
    const task = await parse(tables[0]!.source.replace('[Data],', '[Data],,'));
    expect(powerQuery.TaskUtils.isError(task)).toBe(true);
  });
});

/** A copy of the project in which, in the file that the path ends with, one text stands for another. */
function changed(path: string, from: string | RegExp, to: string): Files {
  const [name, text] = [...files].find(([own]) => own.endsWith(path))!;
  const now = text.replace(from, to);
  if (now === text) throw new Error(`${name} has no ${String(from)}`);
  return new Map([...files, [name, now]]);
}

type Planted = readonly [rule: string, path: string, from: string | RegExp, to: string, says: string];

/** For each rule a fault, and what is said of it. */
const planted: readonly Planted[] = [
  [
    'a column is one of the view',
    'fact_sales.tmdl',
    'column quantity',
    'column amount',
    'fact_sales.amount is not in the view',
  ],
  [
    'a column is one of the view',
    'fact_sales.tmdl',
    'dataType: decimal',
    'dataType: double',
    "fact_sales.unit_price is not the view's decimal",
  ],
  [
    'every view is in the model',
    'fact_images.tmdl',
    'Item="fact_images"',
    'Item="fact_sales"',
    'no table reads fact_images',
  ],
  [
    'every view is in the model',
    'dim_date.tmdl',
    /\tcolumn iso_week\n(\t\t.*\n)+/,
    '',
    'dim_date lacks iso_week',
  ],
  ['a query reads its columns', 'dim_date.tmdl', '"iso_week", ', '', 'dim_date reads'],
  ['a query reads its columns', 'fact_sales.tmdl', '{"price", Currency.Type}, ', '', 'fact_sales has exact'],
  ['a query reads its columns', 'fact_sales.tmdl', 'Schema="warehouse"', 'Schema="dbo"', 'another schema'],
  [
    'a query reads its columns',
    'fact_sales.tmdl',
    '(Server, Database)',
    '("server", "database")',
    'no parameter',
  ],
  [
    'a measure calculates',
    'fact_sales.tmdl',
    'SUM(fact_sales[price])',
    'SUM(fact_sales[prize])',
    'Sales names fact_sales[prize]',
  ],
  [
    'a measure calculates',
    'fact_sales.tmdl',
    'DIVIDE([Sales], [Pieces])',
    'DIVIDE([Sales], [Parts])',
    'names [Parts]',
  ],
  [
    'a measure calculates',
    'dim_member.tmdl',
    'COUNTROWS(dim_member)',
    'COUNTROWS(dim_buyer)',
    'Members names dim_buyer',
  ],
  [
    'a role sees rows',
    'professional.tmdl',
    'dim_member = [membership]',
    'dim_member = [rank]',
    'names [rank]',
  ],
  [
    'a role sees rows',
    'professional.tmdl',
    'Permission dim_member',
    'Permission dim_buyer',
    'no table dim_buyer',
  ],
  [
    'a relationship joins',
    'relationships.tmdl',
    'fact_sales.product_key',
    'fact_sales.product',
    'no fact_sales.product',
  ],
  [
    'a relationship joins',
    'relationships.tmdl',
    'dim_product.product_key',
    'dim_product.product_id',
    'dim_product.product_id is not unique',
  ],
  [
    'a relationship joins',
    'dim_member.tmdl',
    'each [is_current]',
    'each true',
    'dim_member.member_key is not unique',
  ],
  ['a level of a hierarchy', 'dim_date.tmdl', 'column: quarter', 'column: term', 'dim_date has no term'],
  [
    'a lineage tag',
    'dim_date.tmdl',
    '5cf0d530-89bd-5f67-a92c-31e2ce38ff43',
    '2d8c38f5-76ce-5e13-a2b3-bd95ea83b8b1',
    'column year',
  ],
  ['a lineage tag', 'expressions.tmdl', /\tlineageTag: .*\n/, '', 'expression Server'],
  ['a measure says', 'fact_sales.tmdl', /\t\/\/\/ Pieces of .*\n/, '', 'Pieces has no description'],
  ['a measure says', 'fact_sales.tmdl', '\t\tformatString: #,0.00\n', '', 'Sales has no format'],
  ['the model names', 'model.tmdl', 'ref table refresh\n', '', 'tables: '],
  ['the model names', 'model.tmdl', "'Plus and professional'", 'Plus', 'roles: Plus'],
  ['there is one date table', 'dim_date.tmdl', '\t\tisKey\n', '', 'date table: dim_date, key '],
  ['there is one date table', 'model.tmdl', 'Enabled = 0', 'Enabled = 1', 'date tables of its own'],
  ['server and database', 'expressions.tmdl', 'IsParameterQuery=true', 'IsParameterQuery=false', 'Server'],
  ['a JSON file has the shape', 'sales/page.json', '"width"', '"wdith"', 'Unrecognized key: "wdith"'],
  [
    'a JSON file has the shape',
    'by-product/visual.json',
    '"height": 270',
    '"height": "270"',
    'position.height',
  ],
  [
    'a JSON file has the shape',
    'report.json',
    'definition/report/',
    'definition/rapport/',
    'no schema of this project',
  ],
  [
    'a visual shows fields',
    'by-product/visual.json',
    '"Property": "Pieces"',
    '"Property": "Parts"',
    'shows fact_sales.Parts',
  ],
  [
    'a visual shows fields',
    'by-product/visual.json',
    '"Column"',
    '"Measure"',
    'shows dim_product.manufacturer',
  ],
  [
    'a query names',
    'by-product/visual.json',
    '"queryRef": "fact_sales.Pieces"',
    '"queryRef": "fact_sales.Sales"',
    'sales/by-product asks for fact_sales.Sales',
  ],
  [
    'a folder is named',
    'by-product/visual.json',
    '"name": "by-product"',
    '"name": "products"',
    'sales/by-product',
  ],
  ['a folder is named', 'pages.json', '"membership",', '', 'order: sales,logistics,images'],
  ['no visual is on another', 'by-product/visual.json', '"y": 450', '"y": 400', 'is on sales/by-product'],
  [
    'no visual is on another',
    'by-product/visual.json',
    '"y": 450',
    '"y": 460',
    'sales/by-product is off the page',
  ],
  [
    'a page says how old',
    'sales/visuals/as-of/visual.json',
    '"Property": "Data as of"',
    '"Property": "Sales"',
    'sales',
  ],
  [
    'the fields of an axis',
    'sales/visuals/by-day/visual.json',
    '"active": true',
    '"active": false',
    'sales/by-day',
  ],
  ['there is a page', 'sales/page.json', '"displayName": "Sales"', '"displayName": "Turnover"', 'Sales'],
];

describe('what is wrong is found:', () => {
  test.each(planted)('%s: %s with %s', (rule, path, from, to, says) => {
    const [, faults] = rules.find(([name]) => name.startsWith(rule))!;
    expect(faults(changed(path, from, to)).join('\n')).toContain(says);
  });

  test('every rule has met one', () => {
    expect(
      rules.map(([name]) => name).filter((name) => !planted.some(([rule]) => name.startsWith(rule))),
    ).toEqual([]);
  });

  test('a line that is no TMDL, and one that stands too deep', () => {
    expect(() => readModel(changed('model.tmdl', 'culture: en-GB', 'culture en-GB = ='))).toThrow();
    expect(() => readModel(changed('model.tmdl', '\tculture', '\t\t\tculture'))).toThrow('indented by 3');
  });
});
