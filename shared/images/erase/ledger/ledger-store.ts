import type { ContainerClient } from '@azure/storage-blob';
import { atStore, isMissing, isTaken } from '../../../platform/blobs/failures.ts';
import { DarkroomError } from '../../../platform/errors.ts';
import type { TileFiles } from './tiles.ts';

/** Where the log is public: tiles, entries and checkpoints, each written once. Its policy lets nobody change them. */
export interface LedgerStore extends TileFiles {
  list(prefix: string): AsyncIterable<string>;
}

/** Sorts by size, as text. */
export const checkpointPath = (size: number): string => `checkpoint/${String(size).padStart(16, '0')}`;
export const checkpointFolder = 'checkpoint/';

export function makeLedgerStore(container: ContainerClient): LedgerStore {
  const read = async (path: string): Promise<Buffer | undefined> => {
    try {
      return await container.getBlobClient(path).downloadToBuffer();
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  };
  return {
    read: (path) => atStore('reading the ledger', () => read(path)),
    add: (path, bytes) =>
      atStore('adding to the ledger', async () => {
        try {
          await container
            .getBlockBlobClient(path)
            .upload(bytes, bytes.byteLength, { conditions: { ifNoneMatch: '*' } });
        } catch (error) {
          if (!isTaken(error)) throw error;
          if (!(await read(path))?.equals(bytes)) {
            throw new DarkroomError(
              'internal',
              `The ledger's file ${path} is there already with other bytes: the database is not the one that wrote it.`,
            );
          }
        }
      }),
    async *list(prefix) {
      for await (const { name } of container.listBlobsFlat({ prefix })) yield name;
    },
  };
}
