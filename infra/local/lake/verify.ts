import type { Database } from '../../../shared/database/port.ts';
import { databaseDimension, lakeDimension } from './dimensions.ts';
import { exact, figures, lakeFigures, type Figures } from './figures.ts';
import type { LocalLake } from './open.ts';
import { duplicates, noDuplicates, noOrphans, orphans } from './consistency.ts';

export interface Difference {
  readonly check: string;
  /** What the figures are of: a day and a status, a product, a membership. */
  readonly of: string;
  /** Figures as exact text; undefined where that side has none. */
  readonly database: string | undefined;
  readonly lake: string | undefined;
}

export interface LakeCheck {
  /** What was compared, and how many lines of figures of it. */
  readonly checks: Readonly<Record<string, number>>;
  readonly differences: readonly Difference[];
}

const measures = ['orders', 'lines', 'quantity', 'price', 'weight'] as const;
type Totals = 'totals_by_day' | 'totals_by_product' | 'totals_by_membership';

async function databaseTotals(database: Database, view: Totals, keys: readonly string[]): Promise<Figures> {
  const rows = (await database.query('warehouse', view)) as unknown as Record<string, unknown>[];
  return figures(
    rows.map((row) => [...keys, ...measures].map((column) => row[column])),
    keys.length,
  );
}

const ofOrders = (keys: string): string => `
  SELECT ${keys}, count(*), sum(lines), sum(quantity), sum(total_price), sum(total_weight)
  FROM fact_transactions GROUP BY ALL`;

const ofItems = (keys: string, orders: string): string => `
  SELECT ${keys}, ${orders}, count(*), sum(quantity), sum(price), sum(weight) FROM fact_sales GROUP BY ALL`;

const distinctOrders = 'count(DISTINCT order_id)';

const imageMeasures = ['images', 'processed', 'rejected', 'failed', 'bytes'] as const;

async function databaseImageDays(database: Database): Promise<Figures> {
  const rows = await database.query('warehouse', 'agg_images_daily');
  return figures(
    rows.map((row) => [row.day, row.source, ...imageMeasures.map((measure) => row[measure])]),
    2,
  );
}

async function databaseImages(database: Database): Promise<Figures> {
  const found: Figures = new Map();
  for await (const batch of database.stream('warehouse', 'fact_images')) {
    for (const { image_id, status, bytes, variants } of batch) {
      found.set(image_id, [status, bytes, variants].map(exact).join(' | '));
    }
  }
  return found;
}

function compare(check: string, database: Figures, lake: Figures): Difference[] {
  const keys = new Set([...database.keys(), ...lake.keys()]);
  return [...keys]
    .filter((key) => database.get(key) !== lake.get(key))
    .sort()
    .map((key) => ({ check, of: key, database: database.get(key), lake: lake.get(key) }));
}

/**
 * Holds the lake against the database: orders by day and status, items by day and status, by product and by membership,
 * to the last digit; every image, every product version and member status with what it says; no key twice, and no fact
 * without its dimension.
 */
export async function verifyLake(database: Database, lake: LocalLake): Promise<LakeCheck> {
  const byDay = await databaseTotals(database, 'totals_by_day', ['day', 'status']);
  const byProduct = await databaseTotals(database, 'totals_by_product', ['product_id']);
  const byMembership = await databaseTotals(database, 'totals_by_membership', ['membership']);
  const pairs: readonly (readonly [string, Figures, Figures])[] = [
    ['orders by day', byDay, await lakeFigures(lake, ofOrders('day, status'), 2)],
    ['items by day', byDay, await lakeFigures(lake, ofItems('day, status', distinctOrders), 2)],
    ['items by product', byProduct, await lakeFigures(lake, ofItems('product_id', 'count(*)'), 1)],
    ['orders by membership', byMembership, await lakeFigures(lake, ofOrders('membership'), 1)],
    ['items by membership', byMembership, await lakeFigures(lake, ofItems('membership', distinctOrders), 1)],
    [
      'images by day',
      await databaseImageDays(database),
      await lakeFigures(lake, `SELECT day, source, ${imageMeasures.join(', ')} FROM agg_images_daily`, 2),
    ],
    [
      'images',
      await databaseImages(database),
      await lakeFigures(lake, 'SELECT image_id, status, bytes, variants FROM fact_images', 1),
    ],
    ['products', await databaseDimension(database, 'dim_product'), await lakeDimension(lake, 'dim_product')],
    ['members', await databaseDimension(database, 'dim_member'), await lakeDimension(lake, 'dim_member')],
    ['rows that are there twice', noDuplicates, await duplicates(lake)],
    ['facts without their dimension', noOrphans, await orphans(lake)],
  ];
  return {
    checks: Object.fromEntries(pairs.map(([check, figuresOf]) => [check, figuresOf.size])),
    differences: pairs.flatMap(([check, left, right]) => compare(check, left, right)),
  };
}
