import { describe, expect, test } from '@jest/globals';
import { pivot } from '../../../web/src/pages/analytics/pivot.ts';
import { lagText } from '../../../web/src/pages/operations/lag-text.ts';
import { toCsv } from '../../../web/src/ui/csv.ts';
import { sumDecimals } from '../../../web/src/ui/decimal.ts';
import { addDays, formatMoney } from '../../../web/src/ui/format.ts';

describe('exact decimals', () => {
  test('are summed without a float', () => {
    expect(sumDecimals(['0.1', '0.2'])).toBe('0.3');
    expect(sumDecimals(['9007199254740993.0001', '0.0009'])).toBe('9007199254740993.0010');
    expect(sumDecimals(['-1.50', '0.25'])).toBe('-1.25');
    expect(sumDecimals([])).toBe('0');
  });

  test('are shown with every digit that they have', () => {
    const digits = (text: string) => text.replaceAll(/\D/g, '');
    expect(digits(formatMoney('123456789012345.6789'))).toBe('1234567890123456789');
    expect(digits(formatMoney('12.3400'))).toBe('1234');
  });
});

describe('a CSV file', () => {
  const origin = { role: 'Analytics', asOf: '2026-11-23T12:00:00.000Z', about: 'Sales by day' };

  test('says role, time and how many of how many rows it has', () => {
    const text = toCsv({ columns: ['Day'], rows: [['2026-11-22']], total: 9 }, origin);
    expect(text).toBe(
      '# Sales by day; role: Analytics; as of: 2026-11-23T12:00:00.000Z; rows: 1 of 9\r\nDay\r\n2026-11-22\r\n',
    );
  });

  test('quotes what needs it and holds no formula', () => {
    const [, , row] = toCsv({ columns: ['Name'], rows: [['a "b", c']] }, origin).split('\r\n');
    expect(row).toBe('"a ""b"", c"');
    const cells = [['=1+1'], ['+1'], ['@x'], ['-x'], ['-1.5']];
    const lines = toCsv({ columns: ['Name'], rows: cells }, origin)
      .split('\r\n')
      .slice(2, 7);
    expect(lines).toEqual(["'=1+1", "'+1", "'@x", "'-x", '-1.5']);
  });
});

describe('figures by day', () => {
  test('have a 0 where there is no row, and columns in one order', () => {
    const points = [
      { day: '2026-11-02', column: 'kafka', value: 2 },
      { day: '2026-11-01', column: 'http', value: 1 },
    ];
    expect(pivot(points)).toEqual({
      days: ['2026-11-01', '2026-11-02'],
      columns: ['http', 'kafka'],
      values: { http: [1, 0], kafka: [0, 2] },
    });
  });

  test('count days of UTC, over the change of a clock too', () => {
    expect(addDays('2026-03-29', 1)).toBe('2026-03-30');
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
  });
});

describe('lag in words', () => {
  test('tells apart zero, behind, no consumer and not measurable', () => {
    expect(lagText({ state: 'current', events: 0, seconds: null })).toBe('Up to date');
    expect(lagText({ state: 'behind', events: 7, seconds: 42 })).toBe('7 waiting, the oldest for 42 s');
    expect(lagText({ state: 'no-consumer', events: 7, seconds: null })).toBe('Nobody reads it, 7 waiting');
    expect(lagText({ state: 'not-measurable', events: null, seconds: null })).toBe('Cannot be measured now');
  });
});
