import type { DayRange, SalesAnswer, SalesBy, SalesRow } from '../../../../client/api-types.ts';
import { addDays } from '../../ui/format.ts';
import { daysIn, earlierRange, firstDayOf, yearBefore, type Comparison } from './sales-view.ts';

/** A week begins on its Monday. */
const mondayOf = (day: string): string => addDays(day, -((new Date(day).getUTCDay() + 6) % 7));

type Period = Exclude<SalesBy, 'product' | 'membership'>;
const periodOf = (day: string, by: Period): string =>
  by === 'week' ? mondayOf(day) : by === 'month' ? day.slice(0, 7) : day;

/** Every day, week or month of which a range has a day, in order; those without a sale too. */
function periodsOf(range: DayRange, by: Period): readonly string[] {
  const days = Array.from({ length: daysIn(range) }, (_, at) => addDays(range.from, at));
  return [...new Set(days.map((day) => periodOf(day, by)))];
}

/** Beside what each period of a range stands: the same one of the year before, else the one in its place before. */
function periodsBefore(range: DayRange, by: Period, comparison: Comparison): ReadonlyMap<string, string> {
  const periods = periodsOf(range, by);
  const before = periodsOf(earlierRange(range, comparison) ?? range, by);
  const beside = (period: string, at: number): string => {
    if (comparison !== 'year') return before[at] ?? '';
    // 52 weeks earlier is a Monday too.
    if (by === 'week') return addDays(period, -364);
    return periodOf(yearBefore(firstDayOf(period, by)), by);
  };
  return new Map(periods.map((period, at) => [period, beside(period, at)]));
}

/** A row of the answer, and what stands beside it of the range that it is compared with. */
export interface Line extends SalesRow {
  readonly before: SalesRow | undefined;
}

const none = { orders: 0, quantity: 0, totalPrice: '0.0000', totalWeight: '0.000' } as const;

/** What sold before and not now is a line too: else what is shown would not add up to what is shown below it. */
export function linesOf(
  now: SalesAnswer,
  before: SalesAnswer | undefined,
  comparison: Comparison,
): readonly Line[] {
  const { by, range } = now;
  if (before === undefined) return now.rows.map((row) => ({ ...row, before: undefined }));
  const rows = new Map(now.rows.map((row) => [row.key, row]));
  const earlier = new Map(before.rows.map((row) => [row.key, row]));
  const beside =
    by === 'product' || by === 'membership'
      ? new Map([...rows.keys(), ...earlier.keys()].map((key) => [key, key]))
      : periodsBefore(range, by, comparison);
  return [...beside].flatMap(([key, keyBefore]) => {
    const [row, rowBefore] = [rows.get(key), earlier.get(keyBefore)];
    if (row) return [{ ...row, before: rowBefore }];
    return rowBefore
      ? [{ ...none, key, label: rowBefore.key === key ? rowBefore.label : key, before: rowBefore }]
      : [];
  });
}
