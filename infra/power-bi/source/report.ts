import { modelTables, refreshTable } from './model.ts';

/** `measure: Sales` or `dim_date.day`. */
export type Field = `measure: ${string}` | `${string}.${string}`;

export interface Visual {
  readonly name: string;
  readonly title: string;
  readonly type: 'card' | 'lineChart' | 'clusteredColumnChart' | 'clusteredBarChart' | 'tableEx' | 'slicer';
  /** Left, top, width and height in a grid of 12 by 8; the first row is in five. */
  readonly at: readonly [number, number, number, number];
  /** By data role of the visual. */
  readonly fields: Readonly<Record<string, readonly Field[]>>;
}

export interface Page {
  readonly name: string;
  readonly displayName: string;
  readonly about: string;
  readonly visuals: readonly Visual[];
}

const fifth = 12 / 5;
const inRow = (place: number): Visual['at'] => [place * fifth, 0, fifth, 2];

const card = (name: string, measure: string, place: number): Visual => ({
  name,
  title: measure,
  type: 'card',
  at: inRow(place),
  fields: { Values: [`measure: ${measure}`] },
});
const years: Visual = {
  name: 'years',
  title: 'Year',
  type: 'slicer',
  at: inRow(4),
  fields: { Values: ['dim_date.year'] },
};
const asOf = card('as-of', 'Data as of', 3);

export const pages: readonly Page[] = [
  {
    name: 'sales',
    displayName: 'Sales',
    about: 'What was sold, when, and how that compares with a year before.',
    visuals: [
      card('sales', 'Sales', 0),
      card('orders', 'Orders', 1),
      card('growth', 'Growth over a year', 2),
      asOf,
      years,
      {
        name: 'by-day',
        title: 'Sales by day',
        type: 'lineChart',
        at: [0, 2, 12, 3],
        fields: { Category: ['dim_date.day'], Y: ['measure: Sales', 'measure: Sales a year before'] },
      },
      {
        name: 'by-product',
        title: 'Sales by product',
        type: 'tableEx',
        at: [0, 5, 8, 3],
        fields: {
          Values: [
            'dim_product.manufacturer',
            'dim_product.name',
            'measure: Pieces',
            'measure: Average price of a piece',
            'measure: Sales',
          ],
        },
      },
      {
        name: 'by-manufacturer',
        title: 'Sales by manufacturer',
        type: 'clusteredBarChart',
        at: [8, 5, 4, 3],
        fields: { Category: ['dim_product.manufacturer'], Y: ['measure: Sales'] },
      },
    ],
  },
  {
    name: 'membership',
    displayName: 'Membership',
    about: 'How many members there are, what they are, and what each membership buys.',
    visuals: [
      card('members', 'Members', 0),
      card('active', 'Active members', 1),
      card('orders', 'Orders', 2),
      asOf,
      years,
      {
        name: 'over-time',
        title: 'Active members at the end of each month',
        type: 'lineChart',
        at: [0, 2, 12, 3],
        fields: {
          Category: ['dim_date.year', 'dim_date.month'],
          Y: ['measure: Members at the end'],
        },
      },
      {
        name: 'by-status',
        title: 'Members by membership and status',
        type: 'clusteredColumnChart',
        at: [0, 5, 6, 3],
        fields: {
          Category: ['dim_member.membership'],
          Series: ['dim_member.status'],
          Y: ['measure: Members'],
        },
      },
      {
        name: 'sales-by-membership',
        title: 'Sales by membership at the time of the order',
        type: 'tableEx',
        at: [6, 5, 6, 3],
        fields: { Values: ['fact_sales.membership', 'measure: Pieces', 'measure: Sales'] },
      },
    ],
  },
  {
    name: 'logistics',
    displayName: 'Logistics weights',
    about: 'What has to be carried, and how long orders wait.',
    visuals: [
      card('weight', 'Weight', 0),
      card('order-weight', 'Weight of an order', 1),
      card('pending', 'Pending orders', 2),
      asOf,
      years,
      {
        name: 'by-day',
        title: 'Weight by day',
        type: 'clusteredColumnChart',
        at: [0, 2, 12, 3],
        fields: { Category: ['dim_date.day'], Y: ['measure: Weight'] },
      },
      {
        name: 'by-month',
        title: 'Orders, weight and hours to completion by month',
        type: 'tableEx',
        at: [0, 5, 12, 3],
        fields: {
          Values: [
            'dim_date.year',
            'dim_date.month',
            'measure: Orders',
            'measure: Cancelled orders',
            'measure: Weight',
            'measure: Weight of an order',
            'measure: Hours to completion',
          ],
        },
      },
    ],
  },
  {
    name: 'images',
    displayName: 'Images and retention',
    about: 'What came in and what became of it, and that nothing outlives its seven days.',
    visuals: [
      card('received', 'Images received', 0),
      card('alive', 'Images alive', 1),
      card('overdue', 'Images overdue', 2),
      card('next', 'Next erasure', 3),
      { ...asOf, at: inRow(4) },
      {
        name: 'by-day',
        title: 'Images by day',
        type: 'clusteredColumnChart',
        at: [0, 2, 12, 3],
        fields: {
          Category: ['dim_date.day'],
          Y: ['measure: Images processed', 'measure: Images rejected', 'measure: Images failed'],
        },
      },
      {
        name: 'by-source',
        title: 'Images by source',
        type: 'tableEx',
        at: [0, 5, 6, 3],
        fields: {
          Values: [
            'agg_images_daily.source',
            'measure: Images received',
            'measure: Share processed',
            'measure: Bytes received',
          ],
        },
      },
      {
        name: 'alive-by-day',
        title: 'Images alive by day of upload',
        type: 'clusteredBarChart',
        at: [6, 5, 6, 3],
        fields: { Category: ['fact_images.day'], Y: ['measure: Images alive'] },
      },
    ],
  },
];

const schemas = 'https://developer.microsoft.com/json-schemas/fabric';
const schema = (path: string): string => `${schemas}/item/report/${path}/schema.json`;
const size = { width: 1280, height: 720 };
const cell = { width: size.width / 12, height: size.height / 8 };

const tableOfMeasure = (measure: string): string => {
  const table = [...modelTables, refreshTable].find(({ measures }) => measures.some(({ name }) => name === measure));
  if (table === undefined) throw new Error(`There is no measure ${measure}.`);
  return table.name;
};

const reference = (entity: string, property: string) => ({
  Expression: { SourceRef: { Entity: entity } },
  Property: property,
});

/** A field on an axis is shown as it stands: without `active` only the first of several is, until somebody drills down. */
function projection(field: Field, role: string) {
  if (field.startsWith('measure: ')) {
    const name = field.slice('measure: '.length);
    const entity = tableOfMeasure(name);
    return { field: { Measure: reference(entity, name) }, queryRef: `${entity}.${name}`, nativeQueryRef: name };
  }
  const [entity = '', column = ''] = field.split('.');
  const active = role === 'Category' ? { active: true } : {};
  return { field: { Column: reference(entity, column) }, queryRef: field, nativeQueryRef: column, ...active };
}

const titleObject = (title: string) => ({
  title: [
    {
      properties: {
        show: { expr: { Literal: { Value: 'true' } } },
        text: { expr: { Literal: { Value: `'${title.replaceAll("'", "''")}'` } } },
      },
    },
  ],
});

const visualFile = ({ name, title, type, at, fields }: Visual, order: number): object => {
  const [left, top, width, height] = at;
  return {
    $schema: schema('definition/visualContainer/2.0.0'),
    name,
    position: {
      x: left * cell.width,
      y: top * cell.height,
      z: order,
      width: width * cell.width,
      height: height * cell.height,
      tabOrder: order,
    },
    visual: {
      visualType: type,
      query: {
        queryState: Object.fromEntries(
          Object.entries(fields).map(([role, own]) => [role, { projections: own.map((field) => projection(field, role)) }]),
        ),
      },
      visualContainerObjects: titleObject(title),
      drillFilterOtherVisuals: true,
    },
  };
};

/** The files of the report, beneath its `definition` folder. */
export const reportFiles = (): Map<string, object> =>
  new Map<string, object>([
    ['version.json', { $schema: schema('definition/versionMetadata/1.0.0'), version: '2.0.0' }],
    [
      'report.json',
      {
        $schema: schema('definition/report/2.0.0'),
        themeCollection: {},
        settings: { useStylableVisualContainerHeader: true, defaultDrillFilterOtherVisuals: true },
      },
    ],
    [
      'pages/pages.json',
      {
        $schema: schema('definition/pagesMetadata/1.0.0'),
        pageOrder: pages.map(({ name }) => name),
        activePageName: 'sales',
      },
    ],
    ...pages.flatMap(({ name, displayName, visuals }): [string, object][] => [
      [
        `pages/${name}/page.json`,
        {
          $schema: schema('definition/page/2.0.0'),
          name,
          displayName,
          displayOption: 'FitToPage',
          ...size,
        },
      ],
      ...visuals.map((visual, order): [string, object] => [
        `pages/${name}/visuals/${visual.name}/visual.json`,
        visualFile(visual, order),
      ]),
    ]),
  ]);

export { schemas };
