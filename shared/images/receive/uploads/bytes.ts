import { Readable } from 'node:stream';
import type { BlockBlobClient, ContainerClient } from '@azure/storage-blob';
import { DarkroomError } from '../../../platform/errors.ts';
import { isTaken, lostItsBlocks } from '../../../platform/blobs/failures.ts';
import { discardBlocks } from '../../store/blob-once.ts';
import { blockIds, type UploadState } from './state.ts';
import { uploadBlob } from './state-store.ts';

/** Where an upload's bytes are kept: blocks of the raw blob it becomes, or of a part that waits to be joined. */
export interface UploadBytes {
  stage(state: UploadState, blockId: string, bytes: Uint8Array): Promise<void>;
  /** Makes the staged blocks the blob, unless there is one; nothing that is committed is ever overwritten. */
  commit(state: UploadState, metadata: Record<string, string>): Promise<'created' | 'exists'>;
  /** Forgets blocks that were never committed; leaves a committed blob alone. */
  discard(state: UploadState): Promise<void>;
  openChunk(part: UploadState): Promise<Readable>;
  /** Deletes the blob of a partial upload. */
  deleteOwn(state: UploadState): Promise<void>;
}

export interface UploadContainers {
  readonly raw: ContainerClient;
  readonly uploads: ContainerClient;
}

export function makeUploadBytes(containers: UploadContainers): UploadBytes {
  const part = (state: UploadState): BlockBlobClient =>
    containers.uploads.getBlockBlobClient(uploadBlob(state.id, 'part'));
  const target = (state: UploadState): BlockBlobClient =>
    state.concatenation?.kind === 'partial' ? part(state) : containers.raw.getBlockBlobClient(state.id);

  return {
    async stage(state, id, bytes) {
      await target(state).stageBlock(id, bytes, bytes.byteLength);
    },
    async commit(state, metadata) {
      try {
        await target(state).commitBlockList(blockIds(state), {
          metadata,
          blobHTTPHeaders: { blobContentType: state.contentType ?? 'application/octet-stream' },
          conditions: { ifNoneMatch: '*' },
        });
        return 'created';
      } catch (error) {
        if (isTaken(error)) return 'exists';
        if (!lostItsBlocks(error)) throw error;
        throw new DarkroomError(
          'upload-expired',
          'The bytes of this upload are no longer kept: upload it again.',
          { cause: error },
        );
      }
    },
    async discard(state) {
      await discardBlocks(target(state));
    },
    openChunk: (state) => open(part(state)),
    async deleteOwn(state) {
      if (state.concatenation?.kind === 'partial') await part(state).deleteIfExists();
    },
  };
}

async function open(blob: BlockBlobClient): Promise<Readable> {
  const { readableStreamBody } = await blob.download();
  if (readableStreamBody === undefined) throw new DarkroomError('internal', 'The blob has no bytes.');
  return Readable.from(readableStreamBody);
}
