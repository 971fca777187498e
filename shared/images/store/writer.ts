import type { BlobServiceClient } from '@azure/storage-blob';
import type { Clock } from '../../platform/clock.ts';
import { containers } from '../../platform/blobs/containers.ts';
import type { Database } from '../../database/port.ts';
import { makeChunkSetStore } from './chunk-set-store.ts';
import { makeChunkStore } from './chunk-store.ts';
import { makeDeadLetterStore } from './dead-letter-store.ts';
import { makeImageRows } from './image-rows.ts';
import type { StorageWriter } from './ports.ts';
import { makeRawStore } from './raw-store.ts';
import { makeVariantStore } from './variant-store.ts';

export interface StorageWriterOptions {
  /** A client of the image account under the writer's identity (`blobService`). */
  readonly blobs: BlobServiceClient;
  readonly database: Database;
  readonly clock: Clock;
}

/** The storage writer on Blob Storage and the database. Bytes are always there before the row that speaks of them. */
export function makeStorageWriter({ blobs, database, clock }: StorageWriterOptions): StorageWriter {
  const container = (name: keyof typeof containers) => blobs.getContainerClient(containers[name]);
  const raw = makeRawStore(container('raw'));
  const rows = makeImageRows(database, clock);
  const deadLetters = makeDeadLetterStore(container('deadLetters'));
  const derivatives = makeVariantStore(container('processed'));

  return {
    ...raw,
    ...makeChunkStore(container('raw')),
    ...makeChunkSetStore(container('uploads')),
    ...deadLetters,
    statusOf: (imageId) => rows.statusOf(imageId),
    digestOf: (imageId) => rows.digestOf(imageId),
    async canWrite() {
      try {
        await Promise.all([rows.tryWrite(), deadLetters.tryWrite()]);
        return true;
      } catch {
        return false;
      }
    },
    async recordStored(origin, facts) {
      const outcome = await rows.stored(origin, facts);
      // The bytes that were checked are not those of the row.
      if (outcome === 'erased' || outcome === 'reused') await raw.deleteRaw(origin.imageId);
      return outcome;
    },
    async recordRejected(origin, failure, seen) {
      const outcome = await rows.rejected(origin, failure, seen);
      // The stored bytes may be those of the image that has the id.
      if (outcome === 'reused') return outcome;
      // What is processed stays what it is: then somebody else sent bytes under the same id.
      const status = outcome === 'exists' ? await rows.statusOf(origin.imageId) : undefined;
      if (status === undefined || status === 'rejected') await raw.deleteRaw(origin.imageId);
      return outcome;
    },
    async recordFailed(origin, failure) {
      const outcome = await rows.failed(origin, failure);
      if (outcome === 'erased') await raw.deleteRaw(origin.imageId);
      return outcome;
    },
    async saveVariants(imageId, variants, facts) {
      const put = await Promise.all(
        variants.map(async ({ bytes, ...variant }) => ({
          ...variant,
          bytes: bytes.byteLength,
          ...(await derivatives.put(imageId, { ...variant, bytes })),
        })),
      );
      const { outcome, orphanedPaths } = await rows.variants(imageId, put, facts);
      if (outcome === 'saved') {
        await derivatives.remove(orphanedPaths);
      } else if (outcome === 'erased') {
        await derivatives.remove(put.map(({ path }) => path));
        await raw.deleteRaw(imageId);
      }
      return outcome;
    },
  };
}
