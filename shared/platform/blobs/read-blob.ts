import { buffer } from 'node:stream/consumers';
import type { BlobClient, BlobDownloadOptions } from '@azure/storage-blob';
import { isMissing } from './failures.ts';

export interface WholeBlob {
  readonly bytes: Buffer;
  readonly etag: string;
}

/**
 * One state of a blob as a whole, undefined when it is not there. In one request: `downloadToBuffer` asks for the length
 * first, and gives a mixture when another state comes between. For blobs that fit in memory.
 */
export async function readBlob(
  blob: BlobClient,
  options: Pick<BlobDownloadOptions, 'abortSignal'> = {},
): Promise<WholeBlob | undefined> {
  try {
    const { readableStreamBody, etag } = await blob.download(undefined, undefined, options);
    return { bytes: await buffer(readableStreamBody!), etag: etag! };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** The text of a blob, undefined when it is not there. */
export const readBlobText = async (
  blob: BlobClient,
  options?: Parameters<typeof readBlob>[1],
): Promise<string | undefined> => (await readBlob(blob, options))?.bytes.toString();
