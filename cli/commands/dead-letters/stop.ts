import type { Command } from 'commander';
import { printRun } from '../../support/bulk-run.ts';
import { ask } from '../../support/connection.ts';
import { printJson } from '../../support/output.ts';

async function stop(id: string, { reason, json }: { reason: string; json?: boolean }): Promise<void> {
  const run = await ask((api) =>
    api.POST('/operations/bulk-runs/{id}/stop', { params: { path: { id } }, body: { reason } }),
  );
  if (json === true) printJson(run);
  else printRun(run);
}

export const addDeadLettersStop = (deadLetters: Command): Command =>
  deadLetters
    .command('stop')
    .description('stop a replay or a discarding of many; the rest stays open')
    .argument('<run>')
    .requiredOption('--reason <text>', 'why, kept with who')
    .option('--json', 'print JSON')
    .action(stop);
