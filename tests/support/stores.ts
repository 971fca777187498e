import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blobService } from '../../shared/platform/blobs/blob-service.ts';
import { containers } from '../../shared/platform/blobs/containers.ts';
import { runAzurite } from './azurite.ts';
import { testDatabase } from './postgres.ts';

/** What images live in: Azurite with the containers made, and a migrated database, both of their own. */
export interface TestStores {
  readonly directory: string;
  /** Connection string of the blob account. */
  readonly storage: string;
  /** Where services connect. */
  readonly database: string;
  /** The same database, signed in as its owner. */
  readonly owner: string;
  readonly settle: () => Promise<void>;
  stop(): Promise<void>;
}

export async function startStores(): Promise<TestStores> {
  const directory = await mkdtemp(join(tmpdir(), 'darkroom-stores-'));
  const [azurite, database] = await Promise.all([runAzurite(directory), testDatabase()]);
  const blobs = blobService(azurite.storage);
  await Promise.all(
    Object.values(containers).map((name) => blobs.getContainerClient(name).createIfNotExists()),
  );
  return {
    directory,
    storage: azurite.storage,
    database: database.service,
    owner: database.owner,
    settle: database.settle,
    async stop() {
      await Promise.all([azurite.part.stop(), database.drop()]);
      await rm(directory, { recursive: true, force: true });
    },
  };
}
