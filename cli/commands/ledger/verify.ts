import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { checkReceipt } from '../../../shared/images/erase/ledger/check-receipt.ts';
import { openCheckpoint } from '../../../shared/images/erase/ledger/checkpoint-note.ts';
import { checkAgainst } from '../../../shared/images/erase/ledger/monitor.ts';
import { receiptSchema } from '../../../shared/images/erase/ledger/receipt.ts';
import { ask } from '../../support/connection.ts';
import { keyOf, openLog } from '../../support/ledger-files.ts';
import { printJson } from '../../support/output.ts';

interface Options {
  readonly receipt?: string;
  readonly key?: string;
  readonly against?: string;
  readonly log?: string;
  readonly json?: boolean;
}

const say = (asJson: boolean | undefined, facts: object, sentence: string): void =>
  asJson === true ? printJson(facts) : console.log(sentence);

/** Without this system: a file and a key. The file may be an answer of the API that holds the receipt. */
function verifyReceipt(file: string, key: string, json?: boolean): void {
  const content = JSON.parse(readFileSync(file, 'utf8')) as {
    receipt?: unknown;
    details?: { receipt?: unknown };
  };
  const receipt = receiptSchema.parse(content.details?.receipt ?? content.receipt ?? content);
  const { size } = checkReceipt(receipt, keyOf(key));
  const { imageId, erasedAt, blobs, leafIndex } = receipt;
  say(
    json,
    { valid: true, imageId, erasedAt, blobs, leafIndex, size },
    `The receipt is right: ${imageId} was erased at ${erasedAt} (${blobs} files); entry ${leafIndex} of ${size}.`,
  );
}

async function verifyAgainst(file: string, { key, log: source, json }: Options): Promise<void> {
  const log = openLog(source);
  const verifier = keyOf(key ?? (await log.key()));
  const old = openCheckpoint(readFileSync(file, 'utf8'), verifier);
  const head = openCheckpoint(await log.checkpoint(), verifier);
  await checkAgainst(log, { head, old });
  say(
    json,
    { valid: true, old: old.size, size: head.size },
    `The log of ${head.size} entries begins with the ${old.size} of the older checkpoint.`,
  );
}

async function verifyDatabase({ json }: Options): Promise<void> {
  const data = await ask((api) => api.GET('/operations/purges/verify'));
  if (json === true) printJson(data);
  else if (data.valid) console.log(`The ledger's ${data.entries} entries are those of its checkpoint.`);
  else for (const { code, at, message } of data.faults) console.log(`${code} ${at ?? ''}: ${message}`);
  process.exitCode = data.valid ? 0 : 1;
}

async function verify(options: Options): Promise<void> {
  const { receipt, key, against, json } = options;
  if (receipt !== undefined) {
    if (key === undefined) throw new Error('Say --key too: the public key that you have of this log.');
    verifyReceipt(receipt, key, json);
  } else if (against !== undefined) await verifyAgainst(against, options);
  else await verifyDatabase(options);
}

export const addLedgerVerify = (ledger: Command): Command =>
  ledger
    .command('verify')
    .description('check a receipt, an older checkpoint, or the whole ledger; exit code 0 when all is right')
    .option('--receipt <file>', 'a receipt, offline; with --key')
    .option('--key <key>', 'public key of the log (NAME+ID+KEY), or a file with it')
    .option('--against <checkpoint>', 'a checkpoint kept from before: nothing that it holds was changed')
    .option('--log <source>', 'address (…/api/ledger) or folder of the log, instead of the stack here')
    .option('--json', 'print JSON')
    .action(verify);
