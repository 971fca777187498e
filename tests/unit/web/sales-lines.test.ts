import { describe, expect, test } from '@jest/globals';
import type { DayRange, SalesAnswer, SalesBy } from '../../../client/api-types.ts';
import { linesOf } from '../../../web/src/pages/analytics/sales-lines.ts';
import { earlierRange, type Comparison } from '../../../web/src/pages/analytics/sales-view.ts';

const sums = (orders: number) => ({
  ...{ orders, quantity: orders, totalPrice: `${orders}.0000`, totalWeight: `${orders}.000` },
});

/** An answer with that many orders for each key; the service leaves out what had none. */
const answer = (by: SalesBy, range: DayRange, orders: Readonly<Record<string, number>>): SalesAnswer => ({
  ...{ by, range, asOf: '2026-11-30T10:00:00.000Z' },
  source: { kind: 'primary', isConnected: true, lagSeconds: null },
  rows: Object.entries(orders).map(([key, count]) => ({ key, label: `name of ${key}`, ...sums(count) })),
  totals: sums(Object.values(orders).reduce((sum, count) => sum + count, 0)),
});

/** Key, orders, and the orders beside them. */
const beside = (
  by: SalesBy,
  [from, to]: readonly [string, string],
  comparison: Comparison,
  now: Readonly<Record<string, number>>,
  before: Readonly<Record<string, number>>,
) => {
  const earlier = answer(by, earlierRange({ from, to }, comparison)!, before);
  return linesOf(answer(by, { from, to }, now), earlier, comparison).map((line) => [
    line.key,
    line.orders,
    line.before?.orders,
  ]);
};

describe('lines of sales beside those of before', () => {
  test('keep days beside their days where some had no sale', () => {
    expect(
      beside(
        'day',
        ['2026-01-01', '2026-01-04'],
        'year',
        { '2026-01-02': 2, '2026-01-04': 4 },
        {
          '2025-01-01': 10,
          '2025-01-04': 40,
        },
      ),
    ).toEqual([
      ['2026-01-01', 0, 10],
      ['2026-01-02', 2, undefined],
      ['2026-01-04', 4, 40],
    ]);
  });

  test('keep days beside their days after a 29th of February, and over the end of a year', () => {
    expect(
      beside(
        'day',
        ['2024-02-28', '2024-03-01'],
        'year',
        { '2024-02-28': 1, '2024-02-29': 2, '2024-03-01': 3 },
        {
          '2023-02-28': 10,
          '2023-03-01': 30,
        },
      ),
    ).toEqual([
      ['2024-02-28', 1, 10],
      ['2024-02-29', 2, 10],
      ['2024-03-01', 3, 30],
    ]);
    expect(
      beside(
        'day',
        ['2026-01-01', '2026-01-03'],
        'before',
        { '2026-01-01': 1, '2026-01-03': 3 },
        {
          '2025-12-30': 30,
          '2025-12-31': 31,
        },
      ),
    ).toEqual([
      ['2026-01-01', 1, undefined],
      ['2026-01-02', 0, 30],
      ['2026-01-03', 3, 31],
    ]);
  });

  test('put a month beside the month of the year before, and a week beside the one 52 weeks earlier', () => {
    expect(
      beside(
        'month',
        ['2025-11-15', '2026-02-10'],
        'year',
        { '2025-12': 12, '2026-02': 2 },
        {
          '2024-11': 110,
          '2025-01': 10,
          '2025-02': 20,
        },
      ),
    ).toEqual([
      ['2025-11', 0, 110],
      ['2025-12', 12, undefined],
      ['2026-01', 0, 10],
      ['2026-02', 2, 20],
    ]);
    // Mondays.
    expect(
      beside(
        'week',
        ['2025-12-25', '2026-01-08'],
        'year',
        { '2025-12-29': 1, '2026-01-05': 2 },
        {
          '2024-12-23': 3,
          '2025-01-06': 4,
        },
      ),
    ).toEqual([
      ['2025-12-22', 0, 3],
      ['2025-12-29', 1, undefined],
      ['2026-01-05', 2, 4],
    ]);
  });

  test('show a product that sold before and not now, by its name', () => {
    const range = { from: '2026-01-01', to: '2026-01-31' };
    const lines = linesOf(
      answer('product', range, { 7: 3 }),
      answer('product', earlierRange(range, 'before')!, { 7: 1, 8: 5 }),
      'before',
    );
    expect(lines.map(({ label, orders, before }) => [label, orders, before?.orders])).toEqual([
      ['name of 7', 3, 1],
      ['name of 8', 0, 5],
    ]);
  });
});
