import { dayOf, rangeOfDays, within } from '../../shared/orders/day-range.ts';
import { moneyPlaces, sumDecimals, weightPlaces } from '../../shared/orders/decimal.ts';
import type { Database } from '../../shared/database/port.ts';
import { registerRoute } from '../register-route.ts';
import { composition } from '../composition.ts';
import { freshnessOf } from './freshness.ts';
import { salesRoute } from './routes.ts';

interface Sums {
  readonly orders: number;
  readonly quantity: number;
  readonly total_price: string;
  readonly total_weight: string;
}

interface Range {
  readonly from: string;
  readonly to: string;
}

const asRow = (key: string, label: string, { orders, quantity, total_price, total_weight }: Sums) => ({
  ...{ key, label, orders, quantity, totalPrice: total_price, totalWeight: total_weight },
});

type Day = Sums & { readonly day: string };

/** A week begins on its Monday. */
const mondayOf = (day: string): string => {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
  return dayOf(date);
};

const sumOf = (days: readonly Sums[]): Sums => ({
  orders: days.reduce((sum, { orders }) => sum + orders, 0),
  quantity: days.reduce((sum, { quantity }) => sum + quantity, 0),
  total_price: sumDecimals(
    days.map((row) => row.total_price),
    moneyPlaces,
  ),
  total_weight: sumDecimals(
    days.map((row) => row.total_weight),
    weightPlaces,
  ),
});

/** Days, which are in order, summed by what they belong to. */
const byPeriod = (days: readonly Day[], periodOf: (day: string) => string) =>
  [...Map.groupBy(days, ({ day }) => periodOf(day))].map(([key, rows]) => asRow(key, key, sumOf(rows)));

const byDay = (database: Database, range: Range) =>
  database.query('analytics', 'sales_by_day', { where: within(range), orderBy: [['day', 'asc']] });

/** Sums over a range come from procedures, which only read; who asks makes no difference to them. */
const reader = { actor: 'service:analytics' };

const rowsBy = {
  day: async (_: Database, __: Range, days: readonly Day[]) =>
    Promise.resolve(days.map((row) => asRow(row.day, row.day, row))),
  week: async (_: Database, __: Range, days: readonly Day[]) => Promise.resolve(byPeriod(days, mondayOf)),
  month: async (_: Database, __: Range, days: readonly Day[]) =>
    Promise.resolve(byPeriod(days, (day) => day.slice(0, 7))),
  product: async (database: Database, { from, to }: Range) => {
    const rows = await database.execute(
      'analytics',
      'product_totals',
      { from_day: from, to_day: to },
      reader,
    );
    return rows.map((row) => asRow(String(row.product_id), `${row.product_name} (${row.manufacturer})`, row));
  },
  membership: async (database: Database, { from, to }: Range) => {
    const rows = await database.execute(
      'analytics',
      'membership_totals',
      { from_day: from, to_day: to },
      reader,
    );
    return rows.map((row) => asRow(row.membership, row.membership, row));
  },
};

registerRoute(salesRoute, async ({ query }) => {
  const clock = composition.clock();
  const database = await composition.database();
  const range = rangeOfDays(query, clock);
  const freshness = await freshnessOf(database, clock);
  const days = await byDay(database, range);
  const rows = await rowsBy[query.by](database, range, days);
  const { orders, quantity, total_price: totalPrice, total_weight: totalWeight } = sumOf(days);
  const totals = { orders, quantity, totalPrice, totalWeight };
  return { jsonBody: { by: query.by, range, rows, totals, ...freshness } };
});
