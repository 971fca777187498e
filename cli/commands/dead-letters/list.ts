import type { Command } from 'commander';
import type { DeadLetter, paths } from '../../../client/api-types.ts';
import { printTable } from '../../../client/table.ts';
import { ask } from '../../support/connection.ts';
import { filterOf, withFilter, type FilterOptions } from '../../support/dead-letter-filter.ts';
import { printJson } from '../../support/output.ts';

const pageSize = 200;

type Query = NonNullable<paths['/operations/dead-letters']['get']['parameters']['query']>;
interface Page {
  readonly deadLetters: readonly DeadLetter[];
  readonly next: string | null;
}

/** As many as are wanted, a page at a time. */
async function read(query: Query, limit: number): Promise<DeadLetter[]> {
  const found: DeadLetter[] = [];
  let cursor: string | null = '';
  while (cursor !== null && found.length < limit) {
    const page: Query = { ...query, limit: Math.min(pageSize, limit - found.length) };
    if (cursor !== '') page.cursor = cursor;
    const { deadLetters, next }: Page = await ask((api) =>
      api.GET('/operations/dead-letters', { params: { query: page } }),
    );
    found.push(...deadLetters);
    cursor = next;
  }
  return found;
}

interface Options extends FilterOptions {
  readonly limit: string;
  readonly open?: boolean;
  readonly json?: boolean;
}

async function list(options: Options): Promise<void> {
  const limit = options.limit === 'all' ? Infinity : Number(options.limit);
  if (!(limit >= 1)) throw new Error('--limit is a number, or all.');
  const deadLetters = await read({ ...filterOf(options), ...(options.open && { open: true }) }, limit);
  if (options.json === true) printJson({ deadLetters });
  else if (deadLetters.length === 0) console.log('There are no dead letters.');
  else
    printTable(
      ['id', 'stage', 'code', 'image', 'message'],
      deadLetters.map(({ id, stage, code, imageId, message }) => [id, stage, code, imageId, message]),
    );
}

export const addDeadLettersList = (deadLetters: Command): Command =>
  withFilter(deadLetters.command('list').description('the newest ones'))
    .option('--limit <count>', 'how many, or all', '50')
    .option('--open', 'only those that need somebody')
    .option('--json', 'print JSON')
    .action(list);
