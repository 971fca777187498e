import type { Command } from 'commander';
import { printTable } from '../../../client/table.ts';
import { ask } from '../../support/connection.ts';
import { printJson } from '../../support/output.ts';

interface Options {
  readonly all?: boolean;
  readonly dryRun?: boolean;
  readonly reason?: string;
  readonly json?: boolean;
}

async function replay(ids: string[], options: Options): Promise<void> {
  if (ids.length === 0 && options.all !== true) throw new Error('Name the dead letters, or say --all.');
  if (options.dryRun !== true && options.reason === undefined) throw new Error('Say why: --reason "…".');
  const body = {
    ...(options.all === true ? { all: true } : { ids }),
    dryRun: options.dryRun === true,
    ...(options.reason !== undefined && { reason: options.reason }),
  };
  const data = await ask((api) => api.POST('/operations/dead-letters/replay', { body }));
  if (options.json === true) printJson(data);
  else
    printTable(
      ['id', 'outcome', 'detail'],
      data.results.map(({ id, outcome, detail }) => [id, outcome, detail]),
    );
}

export const addDeadLettersReplay = (deadLetters: Command): Command =>
  deadLetters
    .command('replay')
    .description('send dead letters through the pipeline again')
    .argument('[ids...]')
    .option('--all', 'every one of them')
    .option('--dry-run', 'only say what would become of each')
    .option('--reason <text>', 'why, kept with who')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample:\n  npx darkroom dead-letters replay --all --dry-run\n  npx darkroom dead-letters replay --all --reason "codec fixed in 1.2"',
    )
    .action(replay);
