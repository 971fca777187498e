import type { Command } from 'commander';
import { ask } from '../support/connection.ts';
import { printJson } from '../support/output.ts';

async function purge({ dryRun, now }: { dryRun?: boolean; now?: boolean }): Promise<void> {
  if (dryRun !== true && now !== true)
    throw new Error('Say --dry-run to see what is due, or --now to erase it.');
  const data = await ask((api) => api.POST('/operations/purge', { body: { dryRun: dryRun === true } }));
  printJson(data);
}

export const addPurge = (program: Command): Command =>
  program
    .command('purge')
    .description('erase the images whose time is up, without waiting for the timer')
    .option('--dry-run', 'only say what is due')
    .option('--now', 'erase what is due')
    .option('--json', 'print JSON')
    .action(purge);
