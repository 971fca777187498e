import type { Command } from 'commander';
import { printTable } from '../../../client/table.ts';
import type { FailoverReport } from '../../../infra/local/postgres/failover.ts';
import { defaultStateDir, runningStack } from '../../../infra/local/supervisor/state.ts';
import { printJson } from '../../support/output.ts';

async function failover({ json }: { json?: boolean }): Promise<void> {
  const stack = runningStack(defaultStateDir());
  if (stack === undefined) throw new Error('No stack runs here. Start one with "npm start".');
  const { address, token } = stack.control;
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${address}/fail-over`, { method: 'POST', headers });
  const answer = (await response.json()) as FailoverReport & { readonly message?: string };
  if (!response.ok) throw new Error(answer.message ?? `The stack answered ${response.status}.`);
  if (json === true) printJson(answer);
  else {
    printTable(
      ['table', 'rows', 'sum of their hashes', 'on the new primary'],
      answer.tables.map(({ table, rows, digest, isSame }) => [
        table,
        rows,
        digest,
        isSame ? 'the same' : 'NOT THE SAME',
      ]),
    );
    console.log(`\nServer ${answer.to} is the primary; ${answer.from} follows it as a new standby.`);
    console.log(
      `The old primary had written its log up to ${answer.written}; the new one went on at ${answer.replayed}.`,
    );
    console.log(`Services waited ${answer.blockedMs} ms; the new standby ran after ${answer.totalMs} ms.`);
    console.log(answer.lost === 0 ? 'Nothing that was committed is lost.' : `${answer.lost} tables differ.`);
  }
  process.exitCode = answer.lost === 0 ? 0 : 1;
}

export const addDrillFailover = (drill: Command): Command =>
  drill
    .command('failover')
    .description('make the standby of the database the primary, and prove that nothing committed is lost')
    .option('--json', 'print JSON')
    .action(failover);
