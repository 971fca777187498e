import type { DayRange, SalesBy } from '../../../../client/api-types.ts';
import { addDays, isDay } from '../../ui/format.ts';

export const bys = [
  ['day', 'Day'],
  ['week', 'Week'],
  ['month', 'Month'],
  ['product', 'Product'],
  ['membership', 'Membership'],
] as const satisfies readonly (readonly [SalesBy, string])[];

export const measures = [
  ['totalPrice', 'Price'],
  ['orders', 'Orders'],
  ['totalWeight', 'Weight'],
] as const;

export const comparisons = [
  ['none', 'Nothing'],
  ['before', 'Period before'],
  ['year', 'Year before'],
] as const;

export type Measure = (typeof measures)[number][0];
export type Comparison = (typeof comparisons)[number][0];

/** What the figures page shows, as its address has it. */
export interface SalesView {
  readonly range: DayRange;
  readonly by: SalesBy;
  readonly measure: Measure;
  readonly comparison: Comparison;
}

const oneOf = <T extends string>(options: readonly (readonly [T, string])[], value: string | undefined): T =>
  options.find(([option]) => option === value)?.[0] ?? options[0]![0];

function rangeIn({ from, to }: Readonly<Record<string, string>>): DayRange | undefined {
  return isDay(from) && isDay(to) && from <= to ? { from, to } : undefined;
}

export const viewOf = (query: Readonly<Record<string, string>>, usual: DayRange): SalesView => ({
  range: rangeIn(query) ?? usual,
  by: oneOf(bys, query['by']),
  measure: oneOf(measures, query['show']),
  comparison: oneOf(comparisons, query['compare']),
});

export const addressOf = ({ range, by, measure, comparison }: SalesView): string =>
  `/analytics?${new URLSearchParams({ ...range, by, show: measure, compare: comparison }).toString()}`;

const dayMs = 86_400_000;
export const daysIn = ({ from, to }: DayRange): number => (Date.parse(to) - Date.parse(from)) / dayMs + 1;

/** The same day a year earlier; the last of February where there was no 29th. */
export const yearBefore = (day: string): string => {
  const earlier = `${Number(day.slice(0, 4)) - 1}${day.slice(4)}`;
  return earlier.endsWith('-02-29') ? `${earlier.slice(0, 8)}28` : earlier;
};

/** The days that a range is compared with. */
export function earlierRange(range: DayRange, comparison: Comparison): DayRange | undefined {
  if (comparison === 'none') return undefined;
  if (comparison === 'year') return { from: yearBefore(range.from), to: yearBefore(range.to) };
  return { from: addDays(range.from, -daysIn(range)), to: addDays(range.from, -1) };
}

/** Days of a week or month that begins on `start`. */
function lastDayOf(key: string, by: SalesBy): string {
  if (by === 'week') return addDays(key, 6);
  if (by !== 'month') return key;
  const [year, month] = key.split('-').map(Number) as [number, number];
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
}

export const firstDayOf = (key: string, by: SalesBy): string => (by === 'month' ? `${key}-01` : key);

/** `so far` for what is not over on the day of the figures, `to come` after it, `in part` for what the range cuts off. */
export function incompleteness(key: string, by: SalesBy, range: DayRange, asOf: string): string | undefined {
  if (by === 'product' || by === 'membership') return undefined;
  const [first, last] = [firstDayOf(key, by), lastDayOf(key, by)];
  const today = asOf.slice(0, 10);
  if (first <= today && today <= last) return 'so far';
  if (today < first) return 'to come';
  return first < range.from || last > range.to ? 'in part' : undefined;
}
