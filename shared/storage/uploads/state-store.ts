import { createHash, randomUUID } from 'node:crypto';
import type { BlockBlobClient, ContainerClient } from '@azure/storage-blob';
import { DarkroomError } from '../../errors.ts';
import { hasStatus, isMissing, isTaken } from '../failures.ts';
import { decodeState, encodeState, type UploadState } from './state.ts';

/** Names never hold what a user gave: an owner is a digest, an upload an id of ours. */
export const ownerFolder = (owner: string): string =>
  createHash('sha256').update(`darkroom-owner:${owner}`).digest('hex').slice(0, 32);

/** What Azure answers when a lease was broken or taken by another, or the blob has gone meanwhile. */
const isLostLease = (error: unknown): boolean => isTaken(error) || isMissing(error);

/**
 * States of uploads, a small blob each, written only under its lease. A newer writer breaks the lease of an older one,
 * whose next write then fails: of two, one cannot write any more, wherever they run.
 */
export interface UploadStates {
  create(state: UploadState): Promise<'created' | 'exists'>;
  read(owner: string, id: string): Promise<UploadState | undefined>;
  /** Takes the lease, from whoever has it, then reads; undefined when there is no such upload. */
  acquire(owner: string, id: string): Promise<{ state: UploadState; lease: string } | undefined>;
  /** Throws `locked` when the lease has been taken over. */
  write(state: UploadState, lease: string): Promise<void>;
  remove(owner: string, id: string): Promise<void>;
  /** How many uploads of an owner are open, counting no further than `most`. */
  countOpen(owner: string, most: number): Promise<number>;
  /** Those whose time is over. */
  expired(now: Date): AsyncIterable<UploadState>;
}

const metadataOf = (state: UploadState): Record<string, string> => ({
  status: state.status,
  expiresat: state.expiresAt,
});

export function makeUploadStates(container: ContainerClient): UploadStates {
  const blobOf = (owner: string, id: string): BlockBlobClient =>
    container.getBlockBlobClient(`${ownerFolder(owner)}/${id}.json`);

  async function readBlob(blob: BlockBlobClient): Promise<UploadState | undefined> {
    try {
      return decodeState(await blob.downloadToBuffer());
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async function takeLease(blob: BlockBlobClient): Promise<string | undefined> {
    for (let attempt = 0; attempt < 5; attempt++) {
      const lease = randomUUID();
      try {
        await blob.getBlobLeaseClient(lease).acquireLease(-1);
        return lease;
      } catch (error) {
        if (isMissing(error)) return undefined;
        if (!hasStatus(error, 409)) throw error;
        await breakLease(blob);
      }
    }
    throw new DarkroomError('locked', 'Others are writing to this upload at this moment; try again.');
  }

  async function breakLease(blob: BlockBlobClient): Promise<void> {
    try {
      await blob.getBlobLeaseClient(randomUUID()).breakLease(0);
    } catch (error) {
      if (hasStatus(error, 404, 409)) return;
      throw error;
    }
  }

  const upload = async (
    state: UploadState,
    conditions: { leaseId?: string; ifNoneMatch?: string },
  ): Promise<void> => {
    const bytes = encodeState(state);
    await blobOf(state.owner, state.id).upload(bytes, bytes.length, {
      conditions,
      metadata: metadataOf(state),
      blobHTTPHeaders: { blobContentType: 'application/json' },
    });
  };

  return {
    async create(state) {
      try {
        await upload(state, { ifNoneMatch: '*' });
        return 'created';
      } catch (error) {
        if (isTaken(error)) return 'exists';
        throw error;
      }
    },
    read: (owner, id) => readBlob(blobOf(owner, id)),
    async acquire(owner, id) {
      const blob = blobOf(owner, id);
      const lease = await takeLease(blob);
      if (lease === undefined) return undefined;
      const state = await readBlob(blob);
      return state === undefined ? undefined : { state, lease };
    },
    async write(state, lease) {
      try {
        await upload(state, { leaseId: lease });
      } catch (error) {
        if (!isLostLease(error)) throw error;
        throw new DarkroomError(
          'locked',
          'Another request continues this upload; ask for its offset and go on from there.',
          {
            cause: error,
          },
        );
      }
    },
    async remove(owner, id) {
      const blob = blobOf(owner, id);
      await breakLease(blob);
      await blob.deleteIfExists();
    },
    async countOpen(owner, most) {
      let open = 0;
      for await (const blob of container.listBlobsFlat({
        prefix: `${ownerFolder(owner)}/`,
        includeMetadata: true,
      })) {
        if (blob.metadata?.['status'] === 'open') open++;
        if (open >= most) break;
      }
      return open;
    },
    async *expired(now) {
      for await (const blob of container.listBlobsFlat({ includeMetadata: true })) {
        const expiresAt = blob.metadata?.['expiresat'];
        if (expiresAt === undefined || new Date(expiresAt) > now) continue;
        const state = await readBlob(container.getBlockBlobClient(blob.name));
        if (state !== undefined) yield state;
      }
    },
  };
}
