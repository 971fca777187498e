import type { Command } from 'commander';
import { ask } from '../../support/connection.ts';
import { printJson } from '../../support/output.ts';

async function verify({ json }: { json?: boolean }): Promise<void> {
  const data = await ask((api) => api.GET('/operations/purges/verify'));
  if (json === true) printJson(data);
  else if (data.valid) console.log(`The ledger's ${data.entries} entries are whole: no entry was changed.`);
  else console.log(`The ledger was tampered with: entry ${data.firstBad} does not fit the one before.`);
  process.exitCode = data.valid ? 0 : 1;
}

export const addLedgerVerify = (ledger: Command): Command =>
  ledger
    .command('verify')
    .description('check the chain of hashes; exit code 0 when it is whole')
    .option('--json', 'print JSON')
    .action(verify);
