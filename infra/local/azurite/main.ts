/**
 * Azurite's blob service with our accounts and containers: `main.ts --data DIR --port N --reserve BYTES --collect MS`, in
 * AZURITE_ACCOUNTS (`name:key;name:key`) that of the images, and perhaps that of the ledger; AZURITE_COLLECT_MS is the same as --collect. Announces itself when it answers and the containers exist.
 */
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import { BlobServiceClient, StorageSharedKeyCredential } from '@azure/storage-blob';
import { containers, ledgerContainer } from '../../../shared/platform/blobs/containers.ts';
import { collectEveryMs, collectFiles } from './collect-files.ts';
import { keepJournal } from './journal.ts';
import { keepReserve, reserveBytes } from './keep-reserve.ts';
import { azuritesLoki } from './loki.ts';
import { searchByName } from './search-by-name.ts';
import { stagedBlocksAsOnAzure } from './staged-blocks.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    port: { type: 'string', default: '10000' },
    collect: { type: 'string', default: process.env['AZURITE_COLLECT_MS'] ?? String(collectEveryMs) },
    reserve: { type: 'string', default: String(reserveBytes) },
  },
});
const accounts = (process.env['AZURITE_ACCOUNTS'] ?? '').split(';').map((account) => account.split(':'));
if (values.data === undefined || accounts.some(([name, key]) => !name || !key)) {
  console.error('Usage: AZURITE_ACCOUNTS=name:key;… main.ts --data DIR [--port N] [--reserve BYTES]');
  process.exit(2);
}

mkdirSync(values.data, { recursive: true });
const options = ['--location', values.data, '--blobHost', '127.0.0.1', '--blobPort', values.port];
const switches = ['--skipApiVersionCheck', '--disableTelemetry', '--silent'];
process.argv = [process.argv[0]!, 'azurite-blob', ...options, ...switches];
collectFiles(Number(values.collect));
keepReserve(values.data, Number(values.reserve));
searchByName(azuritesLoki());
keepJournal(azuritesLoki());
stagedBlocksAsOnAzure();
createRequire(import.meta.url)('azurite/dist/src/blob/main.js');

const serviceOf = ([name, key]: string[]): BlobServiceClient =>
  new BlobServiceClient(
    `http://127.0.0.1:${values.port}/${name}`,
    new StorageSharedKeyCredential(name!, key!),
    { retryOptions: { maxTries: 8, retryDelayInMs: 100, maxRetryDelayInMs: 1000 } },
  );
const [images, ledger] = accounts.map(serviceOf);
for (const container of Object.values(containers)) {
  await images!.getContainerClient(container).createIfNotExists();
}
await ledger?.getContainerClient(ledgerContainer).createIfNotExists();
process.stdout.write(`${JSON.stringify({ event: 'listening', port: Number(values.port) })}\n`);
