import type { Unit } from './bench.ts';

/** The value at a share of the sorted values, between neighbours where it falls between. */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new Error('There is nothing to summarise.');
  const sorted = [...values].sort((a, b) => a - b);
  const position = (sorted.length - 1) * share;
  const low = sorted[Math.floor(position)]!;
  const high = sorted[Math.ceil(position)]!;
  return low + (high - low) * (position - Math.floor(position));
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** Written so that more is better; for a growth factor, the factor: the contender's value over the baseline's. */
export function ratio(unit: Unit, value: number, baseline: number): number {
  const isLessBetter = ['ms', 'kB', 'MB', 'shift'].includes(unit);
  return isLessBetter ? baseline / value : value / baseline;
}
