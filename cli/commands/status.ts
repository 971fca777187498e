import type { Command } from 'commander';
import { answerOf } from '../../client/api.ts';
import type { Attention, Health, StreamState } from '../../client/api-types.ts';
import { apiOf } from '../../client/connection.ts';
import { readHealth } from '../../client/read-health.ts';
import { connect } from '../support/connection.ts';
import { printTable } from '../../client/table.ts';
import { printJson } from '../support/output.ts';

function show(
  address: string,
  { status: health, checks }: Health,
  { groups }: StreamState,
  { concerns }: Attention,
): void {
  console.log(`${address} is ${health}`);
  if (concerns.length === 0) console.log('Nothing needs attention.');
  else {
    printTable(
      ['needs attention', 'of', 'how many', 'since'],
      concerns.map(({ kind, of, count, since }) => [kind, of, count, since]),
    );
  }
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
  const [{ data: stream }, { data: attention }] = await Promise.all([
    answerOf(api.GET('/operations/stream')),
    answerOf(api.GET('/operations/attention')),
  ]);
  if (json === true) printJson({ api: connection.api, health, stream, attention });
  else show(connection.api, health, stream, attention);
}

export const addStatus = (program: Command): Command =>
  program
    .command('status')
    .description('what needs attention, health of the parts, and how far behind each reader of the stream is')
    .option('--json', 'print JSON')
    .action(status);
