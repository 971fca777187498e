import type { Command } from 'commander';
import { callApi } from '../../client/api.ts';
import { connect } from '../support/connection.ts';
import { printJson } from '../support/output.ts';

async function verify({ json }: { json?: boolean }): Promise<void> {
  const answer = (await callApi(connect(), '/operations/purges/verify')) as {
    valid: boolean;
    entries: number;
    firstBad?: number | null;
  };
  if (json === true) printJson(answer);
  else if (answer.valid)
    console.log(`The ledger's ${answer.entries} entries are whole: no entry was changed.`);
  else console.log(`The ledger was tampered with: entry ${answer.firstBad} does not fit the one before.`);
  process.exitCode = answer.valid ? 0 : 1;
}

export function addLedger(program: Command): void {
  program
    .command('ledger')
    .description('the proof of what was erased')
    .command('verify')
    .description('check the chain of hashes; exit code 0 when it is whole')
    .option('--json', 'print JSON')
    .action(verify);
}
