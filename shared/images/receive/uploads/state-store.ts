import type { BlockBlobClient, ContainerClient } from '@azure/storage-blob';
import { isTaken } from '../../../platform/blobs/failures.ts';
import { metadataNames, uploadFolder, uploadStateBlob } from '../../store/blob-layout.ts';
import { isLostLease, lostLease, releaseLease, takeLease } from './leases.ts';
import type { UploadState } from './state.ts';
import { readState, writeState } from './state-blob.ts';

/** The right to write a state: the lease, and which writing of it came last. */
export interface Hold {
  readonly lease: string;
  etag: string;
}

/**
 * States of uploads, a small blob each, written only under its lease. A request holds it while it runs. Another waits a
 * while for it, then breaks it: the next write of the first one fails, so of two, one cannot write, wherever they run.
 */
export interface UploadStates {
  create(state: UploadState): Promise<'created' | 'exists'>;
  read(owner: string, id: string): Promise<UploadState | undefined>;
  /** Takes the lease, after `waitMs` from its holder too, then reads; undefined when there is no such upload. */
  acquire(owner: string, id: string, waitMs: number): Promise<{ state: UploadState; hold: Hold } | undefined>;
  /** Throws `locked` when the lease has been taken over, or the upload was ended. */
  write(state: UploadState, hold: Hold): Promise<void>;
  /** Throws `locked` like `write`. */
  remove(state: UploadState, hold: Hold): Promise<void>;
  release(state: UploadState, hold: Hold): Promise<void>;
  /** Those whose time is over. */
  expired(now: Date): AsyncIterable<UploadState>;
}

async function underLease<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw isLostLease(error) ? lostLease(error) : error;
  }
}

async function* expiredStates(container: ContainerClient, now: Date): AsyncIterable<UploadState> {
  for await (const blob of container.listBlobsFlat({ prefix: uploadFolder, includeMetadata: true })) {
    const expiresAt = blob.metadata?.[metadataNames.expiresAt];
    if (expiresAt === undefined || new Date(expiresAt) > now) continue;
    const found = await readState(container.getBlockBlobClient(blob.name));
    if (found !== undefined) yield found.state;
  }
}

export function makeUploadStates(container: ContainerClient): UploadStates {
  const blobOf = (id: string): BlockBlobClient => container.getBlockBlobClient(uploadStateBlob(id));

  async function read(owner: string, id: string): Promise<UploadState | undefined> {
    const found = await readState(blobOf(id));
    return found?.state.owner === owner ? found.state : undefined;
  }

  return {
    async create(state) {
      try {
        await writeState(blobOf(state.id), state, { ifNoneMatch: '*' });
        return 'created';
      } catch (error) {
        if (isTaken(error)) return 'exists';
        throw error;
      }
    },
    read,
    async acquire(owner, id, waitMs) {
      // Whose it is does not change: look before taking the lease from anybody.
      if ((await read(owner, id)) === undefined) return undefined;
      const lease = await takeLease(blobOf(id), waitMs);
      const found = lease === undefined ? undefined : await readState(blobOf(id));
      if (lease === undefined || found === undefined) return undefined;
      return { state: found.state, hold: { lease, etag: found.etag } };
    },
    async write(state, hold) {
      // With the tag, for a state that was removed has no lease that could be lost.
      const conditions = { leaseId: hold.lease, ifMatch: hold.etag };
      hold.etag = await underLease(() => writeState(blobOf(state.id), state, conditions));
    },
    async remove({ id }, { lease }) {
      await underLease(() => blobOf(id).delete({ conditions: { leaseId: lease } }));
    },
    release: ({ id }, { lease }) => releaseLease(blobOf(id), lease),
    expired: (now) => expiredStates(container, now),
  };
}
