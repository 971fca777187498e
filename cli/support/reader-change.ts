import type { Command } from 'commander';
import type { ReaderResults } from '../../client/api-types.ts';
import { printTable } from '../../client/table.ts';
import { printJson } from './output.ts';

export interface ChangeOptions {
  readonly dryRun?: boolean;
  readonly reason?: string;
  readonly json?: boolean;
}

/** What every change of a reader takes: who does it is the one who is signed in. */
export const changeOptions = (command: Command): Command =>
  command
    .option('--dry-run', 'only say what would change')
    .option('--reason <text>', 'why, kept with who')
    .option('--json', 'print JSON');

/** Throws without a reason, unless nothing shall change. */
export function whyOf({ dryRun, reason }: ChangeOptions) {
  if (dryRun !== true && reason === undefined) throw new Error('Say why: --reason "…".');
  return { dryRun: dryRun === true, ...(reason !== undefined && { reason }) };
}

export function printResults(answer: ReaderResults, { json }: ChangeOptions): void {
  if (json === true) printJson(answer);
  else
    printTable(
      ['hub', answer.dryRun ? 'would be' : 'is', 'detail'],
      answer.results.map(({ hub, outcome, detail }) => [hub, outcome, detail]),
    );
}
