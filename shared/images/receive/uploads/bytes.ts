import type { Readable } from 'node:stream';
import type { BlockBlobClient, ContainerClient } from '@azure/storage-blob';
import { DarkroomError } from '../../../platform/errors.ts';
import { unknownMediaType } from '../../../platform/media-types.ts';
import { deleteBlob } from '../../../platform/blobs/delete-blob.ts';
import { isTaken, lostItsBlocks } from '../../../platform/blobs/failures.ts';
import { partialUploadBlob, rawBlob } from '../../store/blob-layout.ts';
import { discardBlocks } from '../../store/blob-once.ts';
import { openBlob } from '../../store/open-blob.ts';
import { blockIds, type UploadState } from './state.ts';

/** Where an upload's bytes are kept: blocks of the raw blob it becomes, or of a partial upload that waits to be joined. */
export interface UploadBytes {
  stage(state: UploadState, blockId: string, bytes: Uint8Array): Promise<void>;
  /** Makes the staged blocks the blob, unless there is one; nothing that is committed is ever overwritten. */
  commit(state: UploadState, metadata: Record<string, string>): Promise<'created' | 'exists'>;
  /** Forgets blocks that were never committed; leaves a committed blob alone. */
  discard(state: UploadState): Promise<void>;
  openPartial(state: UploadState): Promise<Readable>;
  /** Deletes the blob of a partial upload. */
  deletePartial(state: UploadState): Promise<void>;
}

export interface UploadContainers {
  readonly raw: ContainerClient;
  readonly uploads: ContainerClient;
}

export function makeUploadBytes(containers: UploadContainers): UploadBytes {
  const partial = (state: UploadState): BlockBlobClient =>
    containers.uploads.getBlockBlobClient(partialUploadBlob(state.id));
  const target = (state: UploadState): BlockBlobClient =>
    state.concatenation?.kind === 'partial'
      ? partial(state)
      : containers.raw.getBlockBlobClient(rawBlob(state.id));

  return {
    async stage(state, id, bytes) {
      await target(state).stageBlock(id, bytes, bytes.byteLength);
    },
    async commit(state, metadata) {
      try {
        await target(state).commitBlockList(blockIds(state), {
          metadata,
          blobHTTPHeaders: { blobContentType: state.contentType ?? unknownMediaType },
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
    openPartial: (state) => open(partial(state)),
    async deletePartial(state) {
      if (state.concatenation?.kind === 'partial') await deleteBlob(partial(state));
    },
  };
}

async function open(blob: BlockBlobClient): Promise<Readable> {
  const bytes = await openBlob(blob);
  if (bytes !== undefined) return bytes;
  throw new DarkroomError('not-found', 'A partial upload that was to be joined is not there any more.');
}
