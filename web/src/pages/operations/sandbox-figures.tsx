import type { ShadowRow } from '../../../../client/api-types.ts';
import { growth, type Comparison } from '../../../../client/worst-first.ts';
import { formatBytes, formatCount } from '../../ui/format.ts';
import { Badge, type Tone } from '../../ui/states.tsx';

type Outcome = ShadowRow['outcome'];
export type Made = NonNullable<ShadowRow['released']>;

const outcomes: Readonly<Record<Outcome, readonly [Tone, string]>> = {
  same: ['good', 'the same'],
  differs: ['info', 'differs'],
  failed: ['bad', 'candidate fails'],
  missing: ['bad', 'not made any more'],
  added: ['info', 'new'],
  repaired: ['good', 'candidate repairs it'],
  'fails-too': ['warn', 'both fail'],
};

export const OutcomeBadge = ({ outcome }: { outcome: Outcome }) => (
  <Badge tone={outcomes[outcome][0]}>{outcomes[outcome][1]}</Badge>
);

const percents = (factor: number): string => {
  const percent = Math.round((factor - 1) * 100);
  return percent === 0 ? '' : ` (${percent > 0 ? '+' : '−'}${formatCount(Math.abs(percent))} %)`;
};

export const sizeOf = (made: Made | null): string =>
  made === null || made.width === null
    ? '–'
    : `${formatCount(made.width)} × ${formatCount(made.height ?? 0)}`;
export const bytesOf = (made: Made | null): string =>
  made === null || made.bytes === null ? '–' : formatBytes(made.bytes);
export const timeOf = (made: Made | null): string =>
  made === null || made.milliseconds === null
    ? '–'
    : `${formatCount(Math.round(made.milliseconds * 10) / 10)} ms`;

/** From what to what, and by how much that is more. */
export function Change({
  row,
  of,
}: {
  row: Comparison & Pick<ShadowRow, 'released' | 'candidate'>;
  of: 'bytes' | 'milliseconds';
}) {
  const show = of === 'bytes' ? bytesOf : timeOf;
  const [before, after] = [show(row.released), show(row.candidate)];
  return (
    <>
      {before === after ? before : `${before} → ${after}`}
      {percents(growth(of, row))}
    </>
  );
}
