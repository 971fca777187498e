import type { Command } from 'commander';
import { bulkBody, runInBulk } from '../../support/bulk-run.ts';
import { filterOf, withFilter, type FilterOptions } from '../../support/dead-letter-filter.ts';

interface Options extends FilterOptions {
  readonly all?: boolean;
  readonly dryRun?: boolean;
  readonly reason?: string;
  readonly rate?: string;
  readonly json?: boolean;
}

export const addDeadLettersReplay = (deadLetters: Command): Command =>
  withFilter(
    deadLetters
      .command('replay')
      .description('send dead letters through the pipeline again')
      .argument('[ids...]')
      .option('--all', 'every one that is open'),
  )
    .option('--rate <count>', 'at most so many a minute')
    .option('--dry-run', 'only say what would become of each')
    .option('--reason <text>', 'why, kept with who')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  npx darkroom dead-letters replay --all --dry-run
  npx darkroom dead-letters replay --code processor-failed --from 6h --rate 600 --reason "fixed in 1.2"`,
    )
    .action((ids: string[], options: Options) =>
      runInBulk(bulkBody('replay', ids, filterOf(options), options), options),
    );
