interface Made {
  readonly bytes: number | null;
  readonly milliseconds: number | null;
}

/** What the sandbox found of a variant, a fact or an image, as far as it orders. */
export interface Comparison {
  readonly outcome: string;
  readonly ssim: number | null;
  readonly released: Made | null;
  readonly candidate: Made | null;
}

/** Failures first, then what is not made any more; what the candidate repairs or adds, last. */
const ranks: Readonly<Record<string, number>> = {
  failed: 0,
  missing: 1,
  repaired: 3,
  added: 3,
  'fails-too': 3,
};

/** How many times as much the candidate takes; 1 where that is not known. */
export function growth(of: 'bytes' | 'milliseconds', { released, candidate }: Comparison): number {
  const [before, after] = [released?.[of] ?? 0, candidate?.[of] ?? 0];
  return before > 0 && after > 0 ? after / before : 1;
}

const keys = (row: Comparison): number[] => [
  ranks[row.outcome] ?? 2,
  row.ssim ?? 1,
  row.outcome === 'same' ? 1 : 0,
  -growth('bytes', row),
  -growth('milliseconds', row),
];

/** The worst first: failures, then the least alike, then what grew most, in bytes and then in time. */
export const worstFirst = <T extends Comparison>(rows: readonly T[]): T[] =>
  rows.toSorted((one, other) => {
    const [a, b] = [keys(one), keys(other)];
    const at = a.findIndex((key, index) => key !== b[index]);
    return at < 0 ? 0 : a[at]! - b[at]!;
  });

/** Rounded down: what is not the same never looks so. */
export const ssimText = (ssim: number | null): string =>
  ssim === null ? '–' : (Math.floor(ssim * 10_000) / 10_000).toFixed(4);
