import type { Command } from 'commander';
import type { HubSettings } from '../../../client/api-types.ts';
import { formatBytes, printTable } from '../../../client/table.ts';
import { ask } from '../../support/connection.ts';
import { printJson } from '../../support/output.ts';

function keptText({ problem, kept }: HubSettings): string {
  if (problem !== null) return problem === 'missing' ? 'there is no such hub' : 'could not be asked';
  if (kept === null) return '';
  return `${kept.events} events${kept.bytes === null ? '' : `, about ${formatBytes(kept.bytes)}`}`;
}

const partitionsText = ({ partitions: { actual, template, differs } }: HubSettings): string =>
  `${actual ?? '?'}${differs ? ` (the template says ${template ?? '?'})` : ''}`;

async function hubs({ json }: { json?: boolean }): Promise<void> {
  const answer = await ask((api) => api.GET('/operations/hubs'));
  if (json === true) {
    printJson(answer);
    return;
  }
  printTable(
    ['hub', 'partitions', 'holds', 'oldest', 'retention*', 'largest event*', 'made'],
    answer.hubs.map((one) => [
      ...[one.hub, partitionsText(one), keptText(one), one.kept?.oldestAt, `${one.retentionHours} h`],
      ...[formatBytes(one.largestEventBytes), one.createdAt],
    ]),
  );
  const { tier, minimumUnits, maximumUnits } = answer.namespace;
  const units =
    maximumUnits === null ? 'no throughput units here' : `${minimumUnits} to ${maximumUnits} units`;
  console.log(`* by the template, as the namespace: ${tier}, ${units}. Azure's management is not asked.`);
}

export const addStreamHubs = (stream: Command): Command =>
  stream
    .command('hubs')
    .description('settings of the hubs as they are, and as the template says')
    .option('--json', 'print JSON')
    .action(hubs);
