import type { Command } from 'commander';
import { printTable } from '../../../client/table.ts';
import { ask } from '../../support/connection.ts';
import { printJson } from '../../support/output.ts';

async function list({ limit, json }: { limit: string; json?: boolean }): Promise<void> {
  const data = await ask((api) =>
    api.GET('/operations/dead-letters', { params: { query: { limit: Number(limit) } } }),
  );
  if (json === true) printJson(data);
  else if (data.deadLetters.length === 0) console.log('There are no dead letters.');
  else
    printTable(
      ['id', 'stage', 'code', 'image', 'message'],
      data.deadLetters.map(({ id, stage, code, imageId, message }) => [id, stage, code, imageId, message]),
    );
}

export const addDeadLettersList = (deadLetters: Command): Command =>
  deadLetters
    .command('list')
    .description('the newest ones')
    .option('--limit <count>', 'how many', '50')
    .option('--json', 'print JSON')
    .action(list);
