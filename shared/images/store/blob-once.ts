import type { BlockBlobClient } from '@azure/storage-blob';
import { isMissing, isTaken, lostItsBlocks } from '../../platform/blobs/failures.ts';
import { discardedMetadata, readRawMetadata } from './raw-metadata.ts';

/** Runs a write under `If-None-Match: *`. `exists` too when our own earlier try arrived and only its answer was lost. */
export async function createOnce(run: () => Promise<unknown>): Promise<'created' | 'exists'> {
  try {
    await run();
    return 'created';
  } catch (error) {
    if (isTaken(error) || lostItsBlocks(error)) return 'exists';
    throw error;
  }
}

/**
 * Drops blocks that were never committed, which Azure would keep for a week: an empty blob takes their place and goes
 * at once. It is marked, so that nobody takes it for an image.
 */
export async function discardBlocks(blob: BlockBlobClient): Promise<'discarded' | 'committed'> {
  let etag: string | undefined;
  const outcome = await createOnce(async () => {
    const put = await blob.upload('', 0, { conditions: { ifNoneMatch: '*' }, metadata: discardedMetadata });
    etag = put.etag;
  });
  if (outcome === 'exists') {
    const found = await placeholder(blob);
    if (found === 'image') return 'committed';
    // Azurite, unlike Azure, takes staged blocks for a blob that exists.
    etag = found?.etag ?? (await blob.upload('', 0, { metadata: discardedMetadata })).etag;
  }
  if (etag !== undefined) await deleteIfMatch(blob, etag);
  return 'discarded';
}

/** An image that is committed, or the empty blob of a process that died in the middle of discarding. */
async function placeholder(blob: BlockBlobClient): Promise<'image' | { etag?: string } | undefined> {
  try {
    const { metadata, etag } = await blob.getProperties();
    return readRawMetadata(metadata) === undefined ? { ...(etag === undefined ? {} : { etag }) } : 'image';
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function deleteIfMatch(blob: BlockBlobClient, etag: string): Promise<void> {
  try {
    await blob.delete({ conditions: { ifMatch: etag } });
  } catch (error) {
    if (!isMissing(error) && !isTaken(error)) throw error;
  }
}
