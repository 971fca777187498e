import type { Line } from './bench.ts';
import type { Target } from './targets.ts';

/** `noise`: not met, by less than it varies from run to run. */
export type State = 'met' | 'noise' | 'worse' | 'not measured';

export interface Judged {
  readonly target: Target;
  /** Undefined where nothing was measured. */
  readonly line: Line | undefined;
  readonly state: State;
}

function stateOf({ ratio, noise }: Target, measured: number): State {
  if (!Number.isFinite(measured)) return 'not measured';
  const [isMet, isNear] =
    'atLeast' in ratio
      ? [measured >= ratio.atLeast, measured >= ratio.atLeast * (1 - noise)]
      : [measured <= ratio.atMost, measured <= ratio.atMost * (1 + noise)];
  if (isMet) return 'met';
  return isNear ? 'noise' : 'worse';
}

const isOf = (target: Target, line: Line): boolean =>
  line.bench === target.bench &&
  line.case.startsWith(target.case) &&
  line.baseline === target.baseline &&
  (target.contender === undefined || line.contender === target.contender);

/** One for each line that a target is of, and one for each target without a line. */
export const judge = (targets: readonly Target[], lines: readonly Line[]): readonly Judged[] =>
  targets.flatMap((target): Judged[] => {
    const found = lines.filter((line) => isOf(target, line));
    if (found.length === 0) return [{ target, line: undefined, state: 'not measured' }];
    return found.map((line) => ({ target, line, state: stateOf(target, line.ratio) }));
  });

export const isFailure = ({ state }: Judged): boolean => state === 'worse' || state === 'not measured';

const limitOf = ({ ratio }: Target): string =>
  'atLeast' in ratio ? `≥ ${Number(ratio.atLeast.toFixed(3))}` : `≤ ${Number(ratio.atMost.toFixed(3))}`;

/** Columns, one line for each. */
export function tableOf(judged: readonly Judged[]): string {
  const rows = judged.map(({ target, line, state }) => [
    target.bench,
    line?.case ?? `${target.case}…`,
    `${line?.contender ?? target.contender ?? 'each'} / ${target.baseline}`,
    limitOf(target),
    `± ${Math.round(target.noise * 100)} %`,
    line === undefined ? '–' : String(line.ratio),
    state,
  ]);
  const all = [['bench', 'case', 'what', 'target', 'noise', 'measured', ''], ...rows];
  const widths = all[0]!.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
