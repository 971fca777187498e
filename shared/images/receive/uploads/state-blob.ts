import type { BlockBlobClient } from '@azure/storage-blob';
import { readBlob } from '../../../platform/blobs/read-blob.ts';
import { metadataNames } from '../../store/blob-layout.ts';
import { decodeState, encodeState, type UploadState } from './state.ts';

export async function readState(
  blob: BlockBlobClient,
): Promise<{ state: UploadState; etag: string } | undefined> {
  const found = await readBlob(blob);
  return found && { state: decodeState(found.bytes), etag: found.etag };
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
