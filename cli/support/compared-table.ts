import { formatBytes, printTable } from '../../client/table.ts';
import { growth, ssimText, worstFirst, type Comparison } from '../../client/worst-first.ts';

export interface ComparedRow extends Comparison {
  readonly name: string | null;
  readonly kind: string;
  readonly reason: string | null;
  readonly released: Side | null;
  readonly candidate: Side | null;
}

interface Side {
  readonly version: string;
  readonly width: number | null;
  readonly height: number | null;
  readonly bytes: number | null;
  readonly milliseconds: number | null;
}

const arrow = (row: ComparedRow, show: (side: Side) => string): string => {
  const [before, after] = [row.released, row.candidate].map((side) => (side === null ? '–' : show(side)));
  return before === after ? before! : `${before} → ${after}`;
};

const percent = (factor: number): string =>
  factor === 1 ? '' : ` (${factor > 1 ? '+' : '−'}${Math.abs(Math.round((factor - 1) * 100))} %)`;

const sized = ({ width, height }: Side): string => (width === null ? '–' : `${width}×${height}`);
const weighed = ({ bytes }: Side): string => (bytes === null ? '–' : formatBytes(bytes));
const timed = ({ milliseconds }: Side): string => (milliseconds === null ? '–' : `${milliseconds} ms`);

/** Released beside candidate, the worst first, with cells in front of each row. */
export function printCompared<T extends ComparedRow>(
  rows: readonly T[],
  headings: readonly string[] = [],
  before: (row: T) => readonly string[] = () => [],
): void {
  printTable(
    [...headings, 'what', 'outcome', 'version', 'SSIM', 'size', 'bytes', 'time', 'reason'],
    worstFirst(rows).map((row) => [
      ...before(row),
      row.name ?? 'image',
      row.outcome,
      arrow(row, ({ version }) => version),
      ssimText(row.ssim),
      arrow(row, sized),
      arrow(row, weighed) + percent(growth('bytes', row)),
      arrow(row, timed),
      row.reason,
    ]),
  );
}
