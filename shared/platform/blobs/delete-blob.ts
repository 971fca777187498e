import type { BlobClient } from '@azure/storage-blob';
import { isTaken } from './failures.ts';

const withSnapshots = { deleteSnapshots: 'include' } as const;

/** Deletes a blob that has to go, whatever state it is in: with its snapshots, and under anybody's lease. */
export async function deleteBlob(blob: BlobClient): Promise<void> {
  try {
    await blob.deleteIfExists(withSnapshots);
  } catch (error) {
    if (!isTaken(error)) throw error;
    await blob.getBlobLeaseClient().breakLease(0);
    await blob.deleteIfExists(withSnapshots);
  }
}
