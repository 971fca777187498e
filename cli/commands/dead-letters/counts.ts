import type { Command } from 'commander';
import { printTable } from '../../../client/table.ts';
import { ask } from '../../support/connection.ts';
import { printJson } from '../../support/output.ts';

async function counts({ json }: { json?: boolean }): Promise<void> {
  const data = await ask((api) => api.GET('/operations/dead-letter-counts'));
  if (json === true) {
    printJson(data);
    return;
  }
  printTable(
    ['code', 'stage', 'hub', 'day', 'open', 'dead letters', 'images'],
    data.counts.map((one) => [
      ...[one.code, one.stage, one.hub, one.day, one.open ? 'open' : 'done'],
      ...[String(one.deadLetters), String(one.images)],
    ]),
  );
  console.log(`${data.open.images} images need attention.`);
}

export const addDeadLettersCounts = (deadLetters: Command): Command =>
  deadLetters
    .command('counts')
    .description('how many there are, by code, stage, hub and day')
    .option('--json', 'print JSON')
    .action(counts);
