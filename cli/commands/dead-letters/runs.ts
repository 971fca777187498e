import type { Command } from 'commander';
import { printRun } from '../../support/bulk-run.ts';
import { ask } from '../../support/connection.ts';
import { printJson } from '../../support/output.ts';

async function runs({ json }: { json?: boolean }): Promise<void> {
  const data = await ask((api) => api.GET('/operations/bulk-runs'));
  if (json === true) printJson(data);
  else for (const run of data.runs) printRun(run);
}

export const addDeadLettersRuns = (deadLetters: Command): Command =>
  deadLetters
    .command('runs')
    .description('replays and discardings of many, and how far they are')
    .option('--json', 'print JSON')
    .action(runs);
