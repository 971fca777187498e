import type { Database } from '../../../shared/database/port.ts';
import { lakeTables, tableOf } from '../../../shared/warehouse/schema.ts';
import type { LocalLake } from './open.ts';

export interface Difference {
  readonly check: string;
  /** What the figures are of: a day and a status, a product, a membership. */
  readonly of: string;
  /** Figures as exact text; undefined where that side has none. */
  readonly database: string | undefined;
  readonly lake: string | undefined;
}

export interface Verdict {
  /** What was compared, and how many lines of figures of it. */
  readonly checks: Readonly<Record<string, number>>;
  readonly differences: readonly Difference[];
}

type Figures = Map<string, string>;

/** 12.3400 and 12.34 are the same figure. */
const exact = (value: unknown): string => {
  const text = String(value);
  return /^-?\d+\.\d+$/.test(text) ? text.replace(/\.?0+$/, '') : text;
};

function figures(rows: readonly (readonly unknown[])[], keys: number): Figures {
  return new Map(
    rows.map((row) => [row.slice(0, keys).map(String).join(' '), row.slice(keys).map(exact).join(' | ')]),
  );
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

const lakeFigures = async (lake: LocalLake, sql: string, keys: number): Promise<Figures> =>
  figures((await lake.ask(sql)).rows, keys);

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

async function databaseDimension(database: Database, table: 'dim_product' | 'dim_member'): Promise<Figures> {
  const found: Figures = new Map();
  const { key } = tableOf(table);
  for await (const batch of database.stream('warehouse', table)) {
    for (const row of batch as unknown as Record<string, unknown>[]) {
      found.set(key.map((name) => String(row[name])).join(' '), exact(row['changed']));
    }
  }
  return found;
}

const lakeDimension = (lake: LocalLake, table: 'dim_product' | 'dim_member'): Promise<Figures> => {
  const { key } = tableOf(table);
  return lakeFigures(lake, `SELECT ${key.join(', ')}, changed FROM ${table}`, key.length);
};

/** Rows that are there twice: there must never be any, whatever the database holds. */
async function duplicates(lake: LocalLake): Promise<Figures> {
  const found: Figures = new Map();
  for (const table of lakeTables) {
    const key = tableOf(table).key.join(', ');
    const { rows } = await lake.ask(
      `SELECT count(*) FROM (SELECT ${key} FROM ${table} GROUP BY ALL HAVING count(*) > 1)`,
    );
    found.set(table, exact(rows[0]?.[0] ?? 0));
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
 * to the last digit; every image, product version and member status; and no key twice.
 */
export async function verifyLake(database: Database, lake: LocalLake): Promise<Verdict> {
  const byDay = await databaseTotals(database, 'totals_by_day', ['day', 'status']);
  const byProduct = await databaseTotals(database, 'totals_by_product', ['product_id']);
  const byMembership = await databaseTotals(database, 'totals_by_membership', ['membership']);
  const noDuplicates: Figures = new Map(lakeTables.map((table) => [table, '0']));
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
  ];
  return {
    checks: Object.fromEntries(pairs.map(([check, figuresOf]) => [check, figuresOf.size])),
    differences: pairs.flatMap(([check, left, right]) => compare(check, left, right)),
  };
}
