import type { Command } from 'commander';
import type { Reader } from '../../../client/api-types.ts';
import { printTable } from '../../../client/table.ts';
import { ask } from '../../support/connection.ts';
import { printJson } from '../../support/output.ts';

const stateOf = ({ pause }: Reader): string =>
  pause === null ? 'reads' : `${pause.isHold ? 'held' : 'paused'} since ${pause.since}`;

const limitOf = ({ limit }: Reader): string =>
  limit === null
    ? 'never'
    : `${limit.deadLetters} in ${limit.minutes} min${limit.isDefault ? ', of our own faults' : ''}`;

async function list({ json }: { json?: boolean }): Promise<void> {
  const answer = await ask((api) => api.GET('/operations/readers'));
  if (json === true) {
    printJson(answer);
    return;
  }
  printTable(
    ['hub', 'reader', 'state', 'by', 'why', 'dead letters that pause it'],
    answer.readers.map((reader) => [
      ...[reader.hub, reader.consumerGroup, stateOf(reader)],
      ...[reader.pause?.actor, reader.pause?.reason, limitOf(reader)],
    ]),
  );
}

export const addReadersList = (readers: Command): Command =>
  readers
    .command('list')
    .description('which readers are paused, since when, by whom and why')
    .option('--json', 'print JSON; with what was done lately')
    .action(list);
