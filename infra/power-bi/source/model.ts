import type { LakeTableName } from '../../../shared/lake/schema-types.ts';

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
  /** Which rows, as a condition in M on each of them. */
  readonly where?: string;
  readonly hierarchies?: readonly Hierarchy[];
  readonly measures: readonly Measure[];
}

const whole = '#,0';
const money = '#,0.00';
const kilograms = '#,0.000 "kg"';
const share = '0.0 %';

const measure = (name: string, expression: string, format: string, about: string): Measure => ({
  name,
  dax: expression,
  format,
  about,
});

const dax = (...lines: readonly string[]): string => lines.join(' ');

export const modelTables: readonly ModelTable[] = [
  {
    name: 'dim_date',
    view: 'dim_date',
    // Whole years, as comparisons with the year before need them, and no slicer with years to come.
    where: '[year] <= Date.Year(DateTimeZone.UtcNow())',
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
    where: '[is_current]',
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
        dax(
          'VAR PeriodEnd = MAX(dim_date[day]) + 1',
          'RETURN IF(MIN(dim_date[day]) <= [Data as of],',
          'CALCULATE(DISTINCTCOUNT(member_history[member_key]), member_history[status] = "active",',
          'member_history[valid_from] < PeriodEnd, FILTER(ALL(member_history[valid_to]),',
          'ISBLANK(member_history[valid_to]) || member_history[valid_to] >= PeriodEnd)))',
        ),
        whole,
        'Members who were active when the chosen period ended; blank for periods to come.',
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
        dax(
          'VAR LastDay = CALCULATE(MAX(fact_sales[day]), REMOVEFILTERS())',
          'RETURN CALCULATE([Sales],',
          'DATEADD(FILTER(VALUES(dim_date[day]), dim_date[day] <= LastDay), -1, YEAR))',
        ),
        money,
        'Sales of the same days one year earlier; of a year that is not over, the days that there have been.',
      ),
      measure(
        'Growth over a year',
        dax(
          'VAR FirstDay = EDATE(CALCULATE(MIN(fact_sales[day]), REMOVEFILTERS()), 12)',
          'VAR Comparable = CALCULATE([Sales], FILTER(VALUES(dim_date[day]), dim_date[day] >= FirstDay))',
          'RETURN DIVIDE(Comparable - [Sales a year before], [Sales a year before])',
        ),
        share,
        'Change against the same days of the year before, over days that have such a day; blank where none has.',
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
        dax(
          'AVERAGEX(FILTER(fact_transactions, NOT ISBLANK(fact_transactions[completed_at])),',
          'DATEDIFF(fact_transactions[placed_at], fact_transactions[completed_at], SECOND) / 3600)',
        ),
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
        'COUNTROWS(FILTER(fact_images, fact_images[delete_at] < [Data as of])) + 0',
        whole,
        'Images in the lake whose time was up when this was read; more than none for long is a fault.',
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

/** One row that says when the data was read: an import tells of that moment, and UTCNOW() of another. */
export const refreshTable = {
  name: 'refresh',
  column: 'refreshed_at',
  about: 'When the data was read, UTC.',
  rows: '#table(type table [refreshed_at = datetime], {{DateTimeZone.RemoveZone(DateTimeZone.UtcNow())}})',
  measures: [
    measure(
      'Data as of',
      'MAX(refresh[refreshed_at])',
      'yyyy-mm-dd hh:nn',
      'When the data was read, UTC; the lake is up to 15 minutes older.',
    ),
  ],
} as const;

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
