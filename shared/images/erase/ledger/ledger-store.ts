import type { ContainerClient } from '@azure/storage-blob';
import { atStore, hasStatus, isTaken } from '../../../platform/blobs/failures.ts';
import { readBlob } from '../../../platform/blobs/read-blob.ts';
import { DarkroomError } from '../../../platform/errors.ts';
import type { TileFiles } from './tiles.ts';

/** Where the log is public: tiles, entries and checkpoints, each written once. Its policy lets nobody change them. */
export interface LedgerStore extends TileFiles {
  list(prefix: string): AsyncIterable<string>;
}

/** Sorts by size, as text. */
export const checkpointPath = (size: number): string => `checkpoint/${String(size).padStart(16, '0')}`;
export const checkpointFolder = 'checkpoint/';
export const sizeIn = (path: string): number => Number(path.slice(checkpointFolder.length));

/** The files of the log of that name; another log in the container has its own. */
export function makeLedgerStore(container: ContainerClient, log: string): LedgerStore {
  const blobAt = (path: string) => container.getBlockBlobClient(`${log}/${path}`);
  const read = async (path: string) => (await readBlob(blobAt(path)))?.bytes;
  return {
    read: (path) => atStore('reading the ledger', () => read(path)),
    add: (path, bytes) =>
      atStore('adding to the ledger', async () => {
        try {
          await blobAt(path).upload(bytes, bytes.byteLength, { conditions: { ifNoneMatch: '*' } });
        } catch (error) {
          // Who may only add is not told that a file is there, but that it may not write it.
          if (!isTaken(error) && !hasStatus(error, 403)) throw error;
          const there = await read(path);
          if (there === undefined) throw error;
          if (!there.equals(bytes)) {
            throw new DarkroomError(
              'internal',
              `The ledger's file ${path} is there already with other bytes: the database is not the one that wrote it.`,
            );
          }
        }
      }),
    async *list(prefix) {
      const start = `${log}/`;
      for await (const { name } of container.listBlobsFlat({ prefix: start + prefix }))
        yield name.slice(start.length);
    },
  };
}

/** Reads a file from the first of these that has it. */
export const firstOf = (stores: readonly Pick<TileFiles, 'read'>[]): Pick<TileFiles, 'read'> => ({
  async read(path) {
    for (const store of stores) {
      const file = await store.read(path);
      if (file !== undefined) return file;
    }
    return undefined;
  },
});
