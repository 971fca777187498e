import type { LakeTableName } from '../../../shared/warehouse/schema-types.ts';

export interface Measure {
  readonly name: string;
  readonly dax: string;
  readonly format: string;
  readonly about: string;
}

export interface Hierarchy {
  readonly name: string;
  readonly levels: readonly (readonly [level: string, column: string])[];
}

/** A table of the semantic model: a view of the warehouse, its rows chosen, with what is calculated from it. */
export interface ModelTable {
  readonly name: string;
  readonly view: LakeTableName;
  /** A last step in M that chooses rows; `Data` is the view. */
  readonly where?: string;
  readonly hierarchies?: readonly Hierarchy[];
  readonly measures: readonly Measure[];
}

const whole = '#,0';
const money = '#,0.00';
const kilograms = '#,0.000 "kg"';
const share = '0.0 %';

const measure = (name: string, dax: string, format: string, about: string): Measure => ({
  name,
  dax,
  format,
  about,
});

export const modelTables: readonly ModelTable[] = [
  {
    name: 'dim_date',
    view: 'dim_date',
    hierarchies: [
      {
        name: 'Calendar',
        levels: [
          ['Year', 'year'],
          ['Quarter', 'quarter'],
          ['Month', 'month'],
          ['Day', 'day'],
        ],
      },
      {
        name: 'ISO weeks',
        levels: [
          ['ISO year', 'iso_year'],
          ['Week', 'iso_week'],
          ['Weekday', 'weekday'],
        ],
      },
    ],
    measures: [],
  },
  {
    name: 'dim_product',
    view: 'dim_product',
    hierarchies: [
      {
        name: 'Range',
        levels: [
          ['Manufacturer', 'manufacturer'],
          ['Product', 'name'],
          ['Version', 'version'],
        ],
      },
    ],
    measures: [
      measure(
        'Active products',
        'CALCULATE(DISTINCTCOUNT(dim_product[product_id]), dim_product[is_current] = TRUE(), dim_product[is_active] = TRUE())',
        whole,
        'Products that can be bought now.',
      ),
    ],
  },
  {
    name: 'dim_member',
    view: 'dim_member',
    where: 'Table.SelectRows(Data, each [is_current])',
    measures: [
      measure('Members', 'COUNTROWS(dim_member)', whole, 'Members by what they are now, whatever their status.'),
      measure(
        'Active members',
        'CALCULATE(COUNTROWS(dim_member), dim_member[status] = "active")',
        whole,
        'Members whose status is active now.',
      ),
    ],
  },
  {
    name: 'member_history',
    view: 'dim_member',
    measures: [
      measure(
        'Members at the end',
        'VAR last = MAX(dim_date[day]) + 1 RETURN CALCULATE(DISTINCTCOUNT(member_history[member_key]), member_history[status] = "active", member_history[valid_from] < last, FILTER(ALL(member_history[valid_to]), ISBLANK(member_history[valid_to]) || member_history[valid_to] >= last))',
        whole,
        'Members who were active when the chosen period ended.',
      ),
    ],
  },
  {
    name: 'fact_sales',
    view: 'fact_sales',
    measures: [
      measure(
        'Sales',
        'CALCULATE(SUM(fact_sales[price]), fact_sales[status] <> "cancelled")',
        money,
        'Price of all items of orders that are not cancelled, exact.',
      ),
      measure(
        'Pieces',
        'CALCULATE(SUM(fact_sales[quantity]), fact_sales[status] <> "cancelled")',
        whole,
        'Pieces of orders that are not cancelled.',
      ),
      measure(
        'Average price of a piece',
        'DIVIDE([Sales], [Pieces])',
        money,
        'Sales over pieces; blank where nothing was sold.',
      ),
      measure(
        'Sales a year before',
        'CALCULATE([Sales], DATEADD(dim_date[day], -1, YEAR))',
        money,
        'Sales of the same days one year earlier.',
      ),
      measure(
        'Growth over a year',
        'DIVIDE([Sales] - [Sales a year before], [Sales a year before])',
        share,
        'Change against the year before; blank where there was none.',
      ),
    ],
  },
  {
    name: 'fact_transactions',
    view: 'fact_transactions',
    measures: [
      measure(
        'Orders',
        'CALCULATE(COUNTROWS(fact_transactions), fact_transactions[status] <> "cancelled")',
        whole,
        'Orders that are not cancelled.',
      ),
      measure(
        'Cancelled orders',
        'CALCULATE(COUNTROWS(fact_transactions), fact_transactions[status] = "cancelled")',
        whole,
        'Orders that were cancelled.',
      ),
      measure(
        'Pending orders',
        'CALCULATE(COUNTROWS(fact_transactions), fact_transactions[status] = "pending")',
        whole,
        'Orders that wait for logistics.',
      ),
      measure(
        'Weight',
        'CALCULATE(SUM(fact_transactions[total_weight]), fact_transactions[status] <> "cancelled")',
        kilograms,
        'Weight of orders that are not cancelled, kg, exact.',
      ),
      measure(
        'Weight of an order',
        'DIVIDE([Weight], [Orders])',
        kilograms,
        'Average weight of an order, kg.',
      ),
      measure(
        'Hours to completion',
        'AVERAGEX(FILTER(fact_transactions, NOT ISBLANK(fact_transactions[completed_at])), (fact_transactions[completed_at] - fact_transactions[placed_at]) * 24)',
        '#,0.0',
        'Average time from placing to completing an order, in hours.',
      ),
    ],
  },
  {
    name: 'agg_images_daily',
    view: 'agg_images_daily',
    measures: [
      measure(
        'Images received',
        'SUM(agg_images_daily[images])',
        whole,
        'Images that came in; stays when they are gone.',
      ),
      measure('Images processed', 'SUM(agg_images_daily[processed])', whole, 'Of these, processed.'),
      measure('Images rejected', 'SUM(agg_images_daily[rejected])', whole, 'Of these, never an image.'),
      measure('Images failed', 'SUM(agg_images_daily[failed])', whole, 'Of these, dead-lettered.'),
      measure(
        'Bytes received',
        'SUM(agg_images_daily[bytes])',
        whole,
        'Size of the originals together.',
      ),
      measure(
        'Share processed',
        'DIVIDE([Images processed], [Images received])',
        share,
        'Processed over received.',
      ),
    ],
  },
  {
    name: 'fact_images',
    view: 'fact_images',
    measures: [
      measure('Images alive', 'COUNTROWS(fact_images)', whole, 'Images that have not been erased.'),
      measure(
        'Images overdue',
        'COUNTROWS(FILTER(fact_images, fact_images[delete_at] < UTCNOW()))',
        whole,
        'Images whose time was up before the last refresh; more than none for long is a fault.',
      ),
      measure(
        'Next erasure',
        'MIN(fact_images[delete_at])',
        'yyyy-mm-dd hh:nn',
        'When the next image is due, UTC.',
      ),
    ],
  },
];

/** Many to one, filtering from the dimension to the fact. */
export const relationships: readonly (readonly [from: string, to: string])[] = [
  ['fact_sales.day', 'dim_date.day'],
  ['fact_sales.product_key', 'dim_product.product_key'],
  ['fact_sales.member_key', 'dim_member.member_key'],
  ['fact_transactions.day', 'dim_date.day'],
  ['fact_transactions.member_key', 'dim_member.member_key'],
  ['agg_images_daily.day', 'dim_date.day'],
  ['fact_images.day', 'dim_date.day'],
];

export interface Role {
  readonly name: string;
  readonly about: string;
  /** Table and the rows of it that the role sees, in DAX. */
  readonly sees: readonly (readonly [table: string, dax: string])[];
}

const premium = '[membership] IN {"plus", "professional"}';

export const roles: readonly Role[] = [
  {
    name: 'Plus and professional',
    about: 'Sees the members of plus and professional and what they bought.',
    sees: [
      ['dim_member', premium],
      ['member_history', premium],
      ['fact_sales', premium],
      ['fact_transactions', premium],
    ],
  },
];
