import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BlockBlobClient } from '@azure/storage-blob';
import pg from 'pg';
import { blobService } from '../../shared/platform/blobs/blob-service.ts';
import { containers } from '../../shared/platform/blobs/containers.ts';
import { testAccounts } from './azurite.ts';
import { testDatabase, type TestDatabase } from './postgres.ts';

/** What images live in: accounts with the containers made, and a migrated database, both of their own. */
export interface TestStores {
  readonly directory: string;
  /** Connection string of the blob account. */
  readonly storage: string;
  /** Connection string of the ledger's account. */
  readonly ledger: string;
  /** Where services connect. */
  readonly database: string;
  /** The same database, signed in as its owner. */
  readonly owner: string;
  readonly settle: () => Promise<void>;
  readonly copyDatabase: () => Promise<TestDatabase>;
  stop(): Promise<void>;
}

/** Removes every image and every dead letter; the ledger stays, since nothing is ever taken from it. */
export async function emptyStores({ storage, owner }: Pick<TestStores, 'storage' | 'owner'>): Promise<void> {
  const client = new pg.Client({ connectionString: owner });
  await client.connect();
  await client.query(
    'DELETE FROM imaging.images; DELETE FROM imaging.erasures; DELETE FROM imaging.dead_letters',
  );
  await client.end();
  for (const name of Object.values(containers)) {
    const container = blobService(storage).getContainerClient(name);
    for await (const blob of container.listBlobsFlat({ includeUncommitedBlobs: true })) {
      await removeBlob(container.getBlockBlobClient(blob.name));
    }
  }
}

/** Whatever a test that failed has left of it: a lease, or blocks that are not committed. */
async function removeBlob(blob: BlockBlobClient): Promise<void> {
  await blob
    .getBlobLeaseClient()
    .breakLease(0)
    .catch(() => undefined);
  if ((await blob.deleteIfExists()).succeeded) return;
  await blob.commitBlockList([]);
  await blob.delete();
}

export async function startStores(): Promise<TestStores> {
  const directory = await mkdtemp(join(tmpdir(), 'darkroom-stores-'));
  const [accounts, database] = await Promise.all([testAccounts(directory), testDatabase()]);
  const blobs = blobService(accounts.storage);
  await Promise.all(
    Object.values(containers).map((name) => blobs.getContainerClient(name).createIfNotExists()),
  );
  return {
    directory,
    storage: accounts.storage,
    ledger: accounts.ledger,
    database: database.service,
    owner: database.owner,
    settle: database.settle,
    copyDatabase: () => database.copy(),
    async stop() {
      await Promise.all([accounts.drop(), database.drop()]);
      await rm(directory, { recursive: true, force: true });
    },
  };
}
