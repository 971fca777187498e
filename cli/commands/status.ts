import type { Command } from 'commander';
import { ApiError, callApi } from '../../client/api.ts';
import { connect } from '../support/connection.ts';
import { printTable } from '../../client/table.ts';
import { printJson } from '../support/output.ts';

interface Health {
  readonly status?: string;
  readonly checks?: readonly {
    readonly name: string;
    readonly status: string;
    readonly milliseconds: number;
  }[];
}

interface StreamState {
  readonly groups: readonly {
    readonly hub: string;
    readonly consumerGroup: string;
    readonly state: string;
    readonly events: number | null;
    readonly seconds: number | null;
    readonly partitions: readonly unknown[];
  }[];
}

function show(
  api: string,
  { status: health = 'unknown', checks = [] }: Health,
  { groups }: StreamState,
): void {
  console.log(`${api} is ${health}`);
  printTable(
    ['part', 'status', 'ms'],
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
  const health = await callApi(connection, '/health').catch((error: unknown) => {
    if (error instanceof ApiError && error.status === 503) return error.problem;
    throw error;
  });
  const stream = await callApi(connection, '/operations/stream');
  if (json === true) printJson({ api: connection.api, health, stream });
  else show(connection.api, health as Health, stream as StreamState);
}

export const addStatus = (program: Command): Command =>
  program
    .command('status')
    .description('health of the parts, and how far behind each reader of the stream is')
    .option('--json', 'print JSON')
    .action(status);
