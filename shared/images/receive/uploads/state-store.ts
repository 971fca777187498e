import { createHash, randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import type { BlockBlobClient, ContainerClient } from '@azure/storage-blob';
import { DarkroomError } from '../../../platform/errors.ts';
import { hasStatus, isMissing, isTaken } from '../../../platform/blobs/failures.ts';
import { decodeState, encodeState, type UploadState } from './state.ts';

/** Names never hold what a user gave: an owner is a digest, an upload an id of ours. */
const ownerFolder = (owner: string): string =>
  createHash('sha256').update(`darkroom-owner:${owner}`).digest('hex').slice(0, 32);

const states = 'tus/';
const markers = 'tus-open/';

/** What an upload keeps beside its image; all of it is found by the prefix `tus/{id}.`. */
export const uploadBlob = (id: string, kind: 'json' | 'part'): string => `${states}${id}.${kind}`;

/** What Azure answers when a lease was broken or taken by another, or the blob has gone meanwhile. */
const isLostLease = (error: unknown): boolean => isTaken(error) || isMissing(error);

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
  /** Takes the lease, from whoever has it, then reads; undefined when there is no such upload. */
  acquire(owner: string, id: string): Promise<{ state: UploadState; hold: Hold } | undefined>;
  /** Throws `locked` when the lease has been taken over, or the upload was ended. */
  write(state: UploadState, hold: Hold): Promise<void>;
  remove(owner: string, id: string): Promise<void>;
  /** Lets go of the lease: nothing more will be written. */
  release(state: UploadState, hold: Hold): Promise<void>;
  /** How many uploads of an owner are open, counting no further than `most`. */
  countOpen(owner: string, most: number): Promise<number>;
  /** Those whose time is over. */
  expired(now: Date): AsyncIterable<UploadState>;
  /** Forgets what was counted of uploads that began before, by the store's own time. */
  dropMarkers(before: Date): Promise<void>;
}

const metadataOf = (state: UploadState): Record<string, string> => ({
  status: state.status,
  expiresat: state.expiresAt,
});

export function makeUploadStates(container: ContainerClient): UploadStates {
  const blobOf = (id: string): BlockBlobClient => container.getBlockBlobClient(uploadBlob(id, 'json'));
  /** An empty blob for each open upload of an owner, to count them by. */
  const marker = (owner: string, id: string): BlockBlobClient =>
    container.getBlockBlobClient(`${markers}${ownerFolder(owner)}/${id}`);

  async function readBlob(blob: BlockBlobClient): Promise<{ state: UploadState; etag: string } | undefined> {
    try {
      const { readableStreamBody, etag } = await blob.download();
      return { state: decodeState(await buffer(readableStreamBody!)), etag: etag! };
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
    conditions: { leaseId?: string; ifMatch?: string; ifNoneMatch?: string },
  ): Promise<string> => {
    const bytes = encodeState(state);
    const { etag } = await blobOf(state.id).upload(bytes, bytes.length, {
      conditions,
      metadata: metadataOf(state),
      blobHTTPHeaders: { blobContentType: 'application/json' },
    });
    return etag!;
  };

  return {
    async create(state) {
      try {
        await marker(state.owner, state.id).upload('', 0);
        await upload(state, { ifNoneMatch: '*' });
        return 'created';
      } catch (error) {
        if (isTaken(error)) return 'exists';
        throw error;
      }
    },
    async read(owner, id) {
      const found = await readBlob(blobOf(id));
      return found?.state.owner === owner ? found.state : undefined;
    },
    async acquire(owner, id) {
      // Whose it is does not change: look before taking the lease from anybody.
      if ((await this.read(owner, id)) === undefined) return undefined;
      const lease = await takeLease(blobOf(id));
      const found = lease === undefined ? undefined : await readBlob(blobOf(id));
      if (lease === undefined || found === undefined) return undefined;
      return { state: found.state, hold: { lease, etag: found.etag } };
    },
    async write(state, hold) {
      try {
        // With the tag, for a state that was removed has no lease that could be lost.
        hold.etag = await upload(state, { leaseId: hold.lease, ifMatch: hold.etag });
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
      await breakLease(blobOf(id));
      await blobOf(id).deleteIfExists();
      await marker(owner, id).deleteIfExists();
    },
    async release(state, { lease }) {
      await blobOf(state.id).getBlobLeaseClient(lease).releaseLease();
      await marker(state.owner, state.id).deleteIfExists();
    },
    async countOpen(owner, most) {
      let open = 0;
      const prefix = `${markers}${ownerFolder(owner)}/`;
      for await (const page of container.listBlobsFlat({ prefix }).byPage({ maxPageSize: most })) {
        open += page.segment.blobItems.length;
        if (open >= most) break;
      }
      return open;
    },
    async *expired(now) {
      for await (const blob of container.listBlobsFlat({ prefix: states, includeMetadata: true })) {
        const expiresAt = blob.metadata?.['expiresat'];
        if (expiresAt === undefined || new Date(expiresAt) > now) continue;
        const found = await readBlob(container.getBlockBlobClient(blob.name));
        if (found !== undefined) yield found.state;
      }
    },
    async dropMarkers(before) {
      for await (const blob of container.listBlobsFlat({ prefix: markers })) {
        if (blob.properties.lastModified < before) await container.getBlobClient(blob.name).deleteIfExists();
      }
    },
  };
}
