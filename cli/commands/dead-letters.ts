import type { Command } from 'commander';
import { callApi } from '../../client/api.ts';
import { connect } from '../support/connection.ts';
import { printTable } from '../../client/table.ts';
import { printJson } from '../support/output.ts';

interface DeadLetterView {
  readonly id: string;
  readonly [field: string]: unknown;
}

const text = (value: unknown): string => {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
};

async function list(options: { limit: string; json?: boolean }): Promise<void> {
  const answer = (await callApi(connect(), '/operations/dead-letters', {
    query: { limit: options.limit },
  })) as { deadLetters: DeadLetterView[] };
  if (options.json === true) {
    printJson(answer);
    return;
  }
  if (answer.deadLetters.length === 0) console.log('There are no dead letters.');
  else
    printTable(
      ['id', 'stage', 'code', 'image', 'message'],
      answer.deadLetters.map((one) => [
        one.id,
        text(one['stage']),
        text(one['code']),
        text(one['imageId']),
        text(one['message']),
      ]),
    );
}

async function show(id: string): Promise<void> {
  printJson(await callApi(connect(), `/operations/dead-letters/${encodeURIComponent(id)}`));
}

interface ReplayOptions {
  readonly all?: boolean;
  readonly dryRun?: boolean;
  readonly reason?: string;
  readonly json?: boolean;
}

async function replay(ids: readonly string[], options: ReplayOptions): Promise<void> {
  if (ids.length === 0 && options.all !== true) throw new Error('Name the dead letters, or say --all.');
  if (options.dryRun !== true && options.reason === undefined) throw new Error('Say why: --reason "…".');
  const answer = (await callApi(connect(), '/operations/dead-letters/replay', {
    method: 'POST',
    json: {
      ...(options.all === true ? { all: true } : { ids }),
      dryRun: options.dryRun === true,
      ...(options.reason !== undefined && { reason: options.reason }),
    },
  })) as { results?: Record<string, unknown>[] };
  if (options.json === true || answer.results === undefined) printJson(answer);
  else
    printTable(
      ['id', 'outcome', 'detail'],
      answer.results.map((one) => [text(one['id']), text(one['outcome']), text(one['detail'])]),
    );
}

export function addDeadLetters(program: Command): void {
  const group = program.command('dead-letters').description('what could not be processed, and why');
  group
    .command('list')
    .option('--limit <count>', 'how many', '50')
    .option('--json', 'print JSON')
    .action(list);
  group.command('show').description('everything about one, as JSON').argument('<id>').action(show);
  group
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
}
