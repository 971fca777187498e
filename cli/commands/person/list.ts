import type { Command } from 'commander';
import { printTable } from '../../../client/table.ts';
import { ask } from '../../support/connection.ts';
import { printJson } from '../../support/output.ts';

async function list({ json }: { json?: boolean }): Promise<void> {
  const { requests } = await ask((api) => api.GET('/operations/people'));
  if (json === true) printJson(requests);
  else {
    printTable(
      ['entry', 'at', 'who', 'action', 'of', 'reason'],
      requests.map((one) => [String(one.sequence), one.at, one.actor, one.action, one.kind, one.reason]),
    );
  }
}

export const addPersonList = (person: Command): Command =>
  person
    .command('list')
    .description('who counted, exported or erased a person’s data, and why')
    .option('--json', 'print JSON')
    .action(list);
