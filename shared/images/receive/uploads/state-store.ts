import type { BlockBlobClient, ContainerClient } from '@azure/storage-blob';
import { isTaken } from '../../../platform/blobs/failures.ts';
import { DarkroomError } from '../../../platform/errors.ts';
import { metadataNames, uploadFolder, uploadStateBlob } from '../../store/blob-layout.ts';
import { breakLease, isLostLease, takeLease } from './leases.ts';
import { makeOpenMarkers } from './open-markers.ts';
import type { UploadState } from './state.ts';
import { readState, writeState } from './state-blob.ts';

/** The right to write a state: the lease, and which writing of it came last. */
export interface Hold {
  readonly lease: string;
  etag: string;
}

/**
 * States of uploads, a small blob each, written only under its lease. A newer writer breaks the lease of an older one,
 * whose next write then fails: of two, one cannot write any more, wherever they run.
 */
export interface UploadStates {
  create(state: UploadState): Promise<'created' | 'exists'>;
  read(owner: string, id: string): Promise<UploadState | undefined>;
  /** Takes the lease, from its holder where it has one, then reads; undefined when there is no such upload. */
  acquire(owner: string, id: string): Promise<{ state: UploadState; hold: Hold } | undefined>;
  /** Throws `locked` when the lease has been taken over, or the upload was ended. */
  write(state: UploadState, hold: Hold): Promise<void>;
  remove(owner: string, id: string): Promise<void>;
  /** Releases the lease: nothing more will be written. */
  release(state: UploadState, hold: Hold): Promise<void>;
  /** How many uploads of an owner are open, counting no further than `max`. */
  countOpen(owner: string, max: number): Promise<number>;
  /** Those whose time is over. */
  expired(now: Date): AsyncIterable<UploadState>;
  /** Deletes the markers of uploads that began before, by the store's own time. */
  dropMarkers(before: Date): Promise<void>;
}

/** Throws `locked` when the lease was lost. */
async function writeHeld(blob: BlockBlobClient, state: UploadState, hold: Hold): Promise<void> {
  try {
    // With the tag, for a state that was removed has no lease that could be lost.
    hold.etag = await writeState(blob, state, { leaseId: hold.lease, ifMatch: hold.etag });
  } catch (error) {
    if (!isLostLease(error)) throw error;
    throw new DarkroomError(
      'locked',
      'Another request continues this upload; ask for its offset and go on from there.',
      { cause: error },
    );
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
  const markers = makeOpenMarkers(container);
  const blobOf = (id: string): BlockBlobClient => container.getBlockBlobClient(uploadStateBlob(id));

  async function read(owner: string, id: string): Promise<UploadState | undefined> {
    const found = await readState(blobOf(id));
    return found?.state.owner === owner ? found.state : undefined;
  }

  return {
    async create(state) {
      try {
        await markers.set(state.owner, state.id);
        await writeState(blobOf(state.id), state, { ifNoneMatch: '*' });
        return 'created';
      } catch (error) {
        if (isTaken(error)) return 'exists';
        throw error;
      }
    },
    read,
    async acquire(owner, id) {
      // Whose it is does not change: look before taking the lease from anybody.
      if ((await read(owner, id)) === undefined) return undefined;
      const lease = await takeLease(blobOf(id));
      const found = lease === undefined ? undefined : await readState(blobOf(id));
      if (lease === undefined || found === undefined) return undefined;
      return { state: found.state, hold: { lease, etag: found.etag } };
    },
    write: (state, hold) => writeHeld(blobOf(state.id), state, hold),
    async remove(owner, id) {
      await breakLease(blobOf(id));
      await blobOf(id).deleteIfExists();
      await markers.clear(owner, id);
    },
    async release(state, { lease }) {
      await blobOf(state.id).getBlobLeaseClient(lease).releaseLease();
      await markers.clear(state.owner, state.id);
    },
    countOpen: (owner, max) => markers.count(owner, max),
    expired: (now) => expiredStates(container, now),
    dropMarkers: (before) => markers.drop(before),
  };
}
