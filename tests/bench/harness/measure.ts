import type { Case, Line } from './bench.ts';
import { median, quantile, ratio } from './statistics.ts';

export interface Measured {
  readonly values: Readonly<Record<string, readonly number[]>>;
  readonly lines: readonly Line[];
}

/**
 * Runs the contenders in turn, each round in another order, after rounds that do not count: whatever else the machine
 * does meets all of them alike.
 */
export async function measure(bench: string, each: Case, runs: number | undefined): Promise<Measured> {
  const rounds = runs ?? each.runs ?? 15;
  const contenders = Object.entries(each.contenders);
  const values: Record<string, number[]> = Object.fromEntries(contenders.map(([name]) => [name, []]));
  for (let round = -(each.warmUps ?? 2); round < rounds; round++) {
    for (const [name, run] of rotated(contenders, round)) {
      globalThis.gc?.();
      const value = await once(run);
      if (round >= 0) values[name]!.push(value);
    }
  }
  const lines = each.compare.map(([contender, baseline]): Line => {
    const own = median(values[contender]!);
    const other = median(values[baseline]!);
    return {
      bench,
      case: each.name,
      contender,
      baseline,
      unit: each.unit,
      median: rounded(own),
      baselineMedian: rounded(other),
      ratio: rounded(ratio(each.unit, own, other)),
      runs: rounds,
    };
  });
  return { values, lines };
}

async function once(run: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  const answer = await run();
  return typeof answer === 'number' ? answer : performance.now() - began;
}

function rotated<T>(items: readonly T[], by: number): T[] {
  const start = ((by % items.length) + items.length) % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}

const rounded = (value: number): number => Number(value.toPrecision(4));

/** `median (from to)`: the middle half of the values. */
export const spread = (values: readonly number[]): string =>
  `${rounded(median(values))} (${rounded(quantile(values, 0.25))} … ${rounded(quantile(values, 0.75))})`;
