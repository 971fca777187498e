import type { Readable } from 'node:stream';
import type { BlobClient, BlobDownloadResponseParsed } from '@azure/storage-blob';
import { isMissing } from '../../platform/blobs/failures.ts';
import type { ByteRange } from './ports.ts';

/** The answer to a read of a blob, or of a range of it; undefined when there is no such blob. */
export async function downloadBlob(
  blob: BlobClient,
  range?: ByteRange,
): Promise<BlobDownloadResponseParsed | undefined> {
  try {
    const [offset, count] = range === undefined ? [0, undefined] : [range.start, range.end - range.start + 1];
    return await blob.download(offset, count, { maxRetryRequests: 3 });
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** The bytes of a blob, or of a range of it; undefined when there is no such blob. */
export const openBlob = async (blob: BlobClient, range?: ByteRange): Promise<Readable | undefined> =>
  (await downloadBlob(blob, range))?.readableStreamBody as Readable | undefined;
