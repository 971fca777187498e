import { buffer } from 'node:stream/consumers';
import type { BlockBlobClient } from '@azure/storage-blob';
import { isMissing } from '../../../platform/blobs/failures.ts';
import { metadataNames } from '../../store/blob-layout.ts';
import { decodeState, encodeState, type UploadState } from './state.ts';

export async function readState(
  blob: BlockBlobClient,
): Promise<{ state: UploadState; etag: string } | undefined> {
  try {
    const { readableStreamBody, etag } = await blob.download();
    return { state: decodeState(await buffer(readableStreamBody!)), etag: etag! };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Answers the blob's new tag. */
export async function writeState(
  blob: BlockBlobClient,
  state: UploadState,
  conditions: { leaseId?: string; ifMatch?: string; ifNoneMatch?: string },
): Promise<string> {
  const bytes = encodeState(state);
  const { etag } = await blob.upload(bytes, bytes.length, {
    conditions,
    metadata: { [metadataNames.status]: state.status, [metadataNames.expiresAt]: state.expiresAt },
    blobHTTPHeaders: { blobContentType: 'application/json' },
  });
  return etag!;
}
