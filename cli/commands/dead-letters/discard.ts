import type { Command } from 'commander';
import { bulkBody, runInBulk } from '../../support/bulk-run.ts';
import { filterOf, withFilter, type FilterOptions } from '../../support/dead-letter-filter.ts';

interface Options extends FilterOptions {
  readonly all?: boolean;
  readonly dryRun?: boolean;
  readonly reason?: string;
  readonly json?: boolean;
}

export const addDeadLettersDiscard = (deadLetters: Command): Command =>
  withFilter(
    deadLetters
      .command('discard')
      .description('say that nobody will replay them; their records stay until their time is up')
      .argument('[ids...]')
      .option('--all', 'every one that is open'),
  )
    .option('--dry-run', 'only say which')
    .option('--reason <text>', 'why, kept with who')
    .option('--json', 'print JSON')
    .action((ids: string[], options: Options) =>
      runInBulk(bulkBody('discard', ids, filterOf(options), options), options),
    );
