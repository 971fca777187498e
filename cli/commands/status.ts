import type { Command } from 'commander';
import { answerOf } from '../../client/api.ts';
import type { Health, StreamState } from '../../client/api-types.ts';
import { apiOf } from '../../client/connection.ts';
import { readHealth } from '../../client/read-health.ts';
import { connect } from '../support/connection.ts';
import { printTable } from '../../client/table.ts';
import { printJson } from '../support/output.ts';

function show(address: string, { status: health, checks }: Health, { groups }: StreamState): void {
  console.log(`${address} is ${health}`);
  printTable(
    ['component', 'status', 'ms'],
    checks.map((check) => [check.name, check.status, check.milliseconds]),
  );
  printTable(
    ['hub', 'reader', 'state', 'behind', 'seconds', 'partitions'],
    groups.map((group) => [
      group.hub,
      group.consumerGroup,
      group.state,
      group.events,
      group.seconds,
      group.partitions.length,
    ]),
  );
}

async function status({ json }: { json?: boolean }): Promise<void> {
  const connection = connect();
  const api = apiOf(connection);
  const health = await readHealth(api);
  const { data: stream } = await answerOf(api.GET('/operations/stream'));
  if (json === true) printJson({ api: connection.api, health, stream });
  else show(connection.api, health, stream);
}

export const addStatus = (program: Command): Command =>
  program
    .command('status')
    .description('health of the parts, and how far behind each reader of the stream is')
    .option('--json', 'print JSON')
    .action(status);
