import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob';
import type pg from 'pg';
import { postgresFolder } from '../../../infra/local/postgres/account.ts';
import { dataOf, slots } from '../../../infra/local/postgres/slots.ts';
import { ledgerAddress } from '../../../infra/local/supervisor/settings.ts';
import { loadSecrets } from '../../../infra/local/supervisor/state.ts';
import { containers as imageContainers, ledgerContainer } from '../../../shared/platform/blobs/containers.ts';
import type { StackProcess } from '../kill/stack-process.ts';

/** Bytes by the name of what has them. */
export type Sizes = ReadonlyMap<string, number>;

/** Bytes of the files beneath a path, without those whose path `isLeftOut`. Files come and go meanwhile. */
function bytesUnder(path: string, isLeftOut: (path: string) => boolean = () => false): number {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined || isLeftOut(path)) return 0;
  if (!found.isDirectory()) return found.size;
  try {
    return readdirSync(path).reduce((sum, name) => sum + bytesUnder(join(path, name), isLeftOut), 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}

async function contentOf(container: ContainerClient): Promise<{ bytes: number; blobs: number }> {
  let [bytes, blobs] = [0, 0];
  for await (const { properties } of container.listBlobsFlat()) {
    bytes += properties.contentLength ?? 0;
    blobs += 1;
  }
  return { bytes, blobs };
}

/** Blocks that were staged and never committed: sets and uploads of which not all came. A blob of them alone is listed as empty. */
async function uncommittedIn(container: ContainerClient): Promise<number> {
  const empty: string[] = [];
  for await (const { name, properties } of container.listBlobsFlat({ includeUncommitedBlobs: true }))
    if (properties.contentLength === 0 || properties.contentLength === undefined) empty.push(name);
  const lists = await Promise.all(
    empty.map((name) => container.getBlockBlobClient(name).getBlockList('uncommitted')),
  );
  return lists
    .flatMap(({ uncommittedBlocks = [] }) => uncommittedBlocks)
    .reduce((sum, { size }) => sum + size, 0);
}

/** What is stored in blobs, by container, and how many they are. */
async function blobSizes({ record, stateDir }: StackProcess) {
  const images = BlobServiceClient.fromConnectionString(record.storage);
  const port = Number(/BlobEndpoint=http:\/\/127\.0\.0\.1:(\d+)/.exec(record.storage)![1]);
  const { ledgerStorageKey } = loadSecrets(stateDir);
  const ledger = BlobServiceClient.fromConnectionString(ledgerAddress(port, ledgerStorageKey));
  const containers = new Map<string, ContainerClient>([
    [ledgerContainer, ledger.getContainerClient(ledgerContainer)],
  ]);
  for await (const { name } of images.listContainers()) containers.set(name, images.getContainerClient(name));
  const sizes = new Map<string, number>();
  let blobs = 0;
  for (const [name, container] of containers) {
    const content = await contentOf(container);
    sizes.set(`blobs ${name}`, content.bytes);
    blobs += content.blobs;
  }
  const raw = images.getContainerClient(imageContainers.raw);
  sizes.set('blobs raw, not committed', await uncommittedIn(raw));
  return { sizes, blobs };
}

/** Tables with their indexes. */
async function tableSizes(owner: pg.Client): Promise<[string, number][]> {
  const { rows } = await owner.query<{ name: string; bytes: string }>(
    `SELECT schemaname || '.' || relname AS name, pg_total_relation_size(relid) AS bytes
     FROM pg_stat_user_tables ORDER BY 1`,
  );
  return rows.map(({ name, bytes }) => [`table ${name}`, Number(bytes)]);
}

/** Everything in the state directory, each byte under one name, and what is stored in blobs and tables under another. */
export async function measure(stack: StackProcess, owner: pg.Client): Promise<Sizes> {
  const { stateDir } = stack;
  const sizes = new Map(await tableSizes(owner));
  const folder = postgresFolder(stateDir);
  for (const slot of slots) {
    const data = dataOf(folder, slot);
    const log = join(data, 'pg_wal');
    sizes.set(
      `files of database ${slot}`,
      bytesUnder(data, (path) => path === log),
    );
    sizes.set(`log of database ${slot}`, bytesUnder(log));
  }
  const { sizes: containers, blobs } = await blobSizes(stack);
  for (const [name, bytes] of containers) sizes.set(name, bytes);
  const azurite = join(stateDir, 'azurite');
  const stored = join(azurite, '__blobstorage__');
  sizes.set('files of blobs', bytesUnder(stored));
  sizes.set(
    'index of blobs',
    bytesUnder(azurite, (path) => path === stored),
  );
  sizes.set('number of blobs', blobs);
  const hubs = join(stateDir, 'event-hubs', 'hubs');
  for (const name of readdirSync(hubs)) sizes.set(`hub ${name}`, bytesUnder(join(hubs, name)));
  sizes.set('logs', bytesUnder(join(stateDir, 'logs')));
  const counted = [azurite, hubs, join(stateDir, 'logs'), join(stateDir, 'postgres')];
  sizes.set(
    'the rest of the state',
    bytesUnder(stateDir, (path) => counted.includes(path)),
  );
  return sizes;
}
