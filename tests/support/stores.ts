import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blobService } from '../../shared/platform/blobs/blob-service.ts';
import { containers } from '../../shared/platform/blobs/containers.ts';
import { runAzurite } from './azurite.ts';
import { runPart } from './part.ts';

/** What images live in: Azurite with the containers made, and the embedded database migrated, both of their own. */
export interface TestStores {
  readonly directory: string;
  /** Connection string of the blob account. */
  readonly storage: string;
  /** `postgres://…` */
  readonly database: string;
  stop(): Promise<void>;
}

export async function startStores(): Promise<TestStores> {
  const directory = await mkdtemp(join(tmpdir(), 'darkroom-stores-'));
  const [azurite, database] = await Promise.all([
    runAzurite(directory),
    runPart('infra/local/database/main.ts', ['--data', join(directory, 'database')]),
  ]);
  const blobs = blobService(azurite.storage);
  await Promise.all(
    Object.values(containers).map((name) => blobs.getContainerClient(name).createIfNotExists()),
  );
  return {
    directory,
    storage: azurite.storage,
    database: database.announcement['url'] as string,
    async stop() {
      await Promise.all([azurite.part.stop(), database.stop()]);
      await rm(directory, { recursive: true, force: true });
    },
  };
}
