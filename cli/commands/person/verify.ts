import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { checkPersonReceipt, personReceiptSchema } from '../../../shared/operations/person-receipt.ts';
import { keyOf } from '../../support/ledger-files.ts';
import { printJson } from '../../support/output.ts';

function verify({ receipt: file, key, json }: { receipt: string; key: string; json?: boolean }): void {
  const receipt = personReceiptSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  checkPersonReceipt(receipt, keyOf(key));
  const { kind, id, at, result } = receipt;
  if (json === true) printJson({ valid: true, kind, id, at, result });
  else console.log(`The receipt is right: ${kind} ${id} was erased at ${at} (${JSON.stringify(result)}).`);
}

export const addPersonVerify = (person: Command): Command =>
  person
    .command('verify')
    .description('check the receipt of an erased person offline')
    .requiredOption('--receipt <file>', 'person-N.json, as erase wrote it')
    .requiredOption('--key <key>', 'public key of the ledger (NAME+ID+KEY), or a file with it')
    .option('--json', 'print JSON')
    .action(verify);
