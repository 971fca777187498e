import { describe, expect, test } from '@jest/globals';
import {
  addressOf,
  earlierRange,
  incompleteness,
  viewOf,
} from '../../../web/src/pages/analytics/sales-view.ts';

const usual = { from: '2026-10-01', to: '2026-10-30' };

describe('the address of the figures', () => {
  test('says all that is shown, and is read back', () => {
    const view = { range: usual, by: 'month', measure: 'totalWeight', comparison: 'year' } as const;
    const query = Object.fromEntries(new URLSearchParams(addressOf(view).split('?')[1]));
    expect(viewOf(query, { from: '2020-01-01', to: '2020-01-02' })).toEqual(view);
  });

  test('that says nothing, or nonsense, is the usual view', () => {
    const plain = { range: usual, by: 'day', measure: 'totalPrice', comparison: 'none' };
    expect(viewOf({}, usual)).toEqual(plain);
    expect(viewOf({ from: 'x', by: 'hour', show: '', compare: '1' }, usual)).toEqual(plain);
    for (const [from, to] of [
      ['2026-02-30', '2026-03-01'],
      ['2025-02-29', '2025-03-01'],
      ['2026-13-01', '2026-13-02'],
      ['2026-03-02', '2026-03-01'],
    ] as const)
      expect(viewOf({ from, to }, usual).range).toEqual(usual);
    const leap = { from: '2024-02-29', to: '2024-02-29' };
    expect(viewOf(leap, usual).range).toEqual(leap);
  });
});

describe('what a range is compared with', () => {
  test.each([
    ['before', '2026-10-01', '2026-10-30', '2026-09-01', '2026-09-30'],
    ['before', '2026-03-01', '2026-03-01', '2026-02-28', '2026-02-28'],
    ['year', '2026-01-01', '2026-12-31', '2025-01-01', '2025-12-31'],
    ['year', '2024-02-29', '2024-02-29', '2023-02-28', '2023-02-28'],
  ] as const)('%s of %s to %s', (comparison, from, to, earlierFrom, earlierTo) => {
    expect(earlierRange({ from, to }, comparison)).toEqual({ from: earlierFrom, to: earlierTo });
  });

  test('nothing is nothing', () => {
    expect(earlierRange(usual, 'none')).toBeUndefined();
  });
});

describe('a period that is not whole', () => {
  const range = { from: '2026-11-04', to: '2026-12-31' };
  test.each([
    ['2026-11-29', 'day', 'so far'],
    ['2026-11-28', 'day', undefined],
    ['2026-11-23', 'week', 'so far'],
    ['2026-11-16', 'week', undefined],
    ['2026-11-02', 'week', 'in part'],
    ['2026-11', 'month', 'so far'],
    ['2026-12', 'month', 'to come'],
    ['2026-11-30', 'day', 'to come'],
    ['17', 'product', undefined],
  ] as const)('%s by %s is %s', (key, by, said) => {
    expect(incompleteness(key, by, range, '2026-11-29T10:00:00.000Z')).toBe(said);
  });
  test('a month that the range cuts is said to be in part', () => {
    expect(
      incompleteness('2026-10', 'month', { from: '2026-10-02', to: '2026-10-31' }, '2026-11-29T10:00:00Z'),
    ).toBe('in part');
  });
});
