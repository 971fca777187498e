import type { Readable } from 'node:stream';
import type { BlobClient } from '@azure/storage-blob';
import { isMissing } from '../../platform/blobs/failures.ts';
import type { ByteRange } from './ports.ts';

/** The bytes of a blob, or of a range of it; undefined when there is no such blob. */
export async function openBlob(blob: BlobClient, range?: ByteRange): Promise<Readable | undefined> {
  try {
    const [offset, count] = range === undefined ? [0, undefined] : [range.start, range.end - range.start + 1];
    const { readableStreamBody } = await blob.download(offset, count, { maxRetryRequests: 3 });
    return readableStreamBody as Readable;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
