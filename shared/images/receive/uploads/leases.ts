import { randomUUID } from 'node:crypto';
import type { BlockBlobClient } from '@azure/storage-blob';
import { hasStatus, isMissing, isTaken } from '../../../platform/blobs/failures.ts';
import { DarkroomError } from '../../../platform/errors.ts';

const maxAttempts = 5;

/** What Azure answers when a lease was broken or taken by another, or the blob has gone meanwhile. */
export const isLostLease = (error: unknown): boolean => isTaken(error) || isMissing(error);

/** Takes the lease of a blob, from its holder where it has one, until it is released or broken; undefined when there is no blob. */
export async function takeLease(blob: BlockBlobClient): Promise<string | undefined> {
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
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

export async function breakLease(blob: BlockBlobClient): Promise<void> {
  try {
    await blob.getBlobLeaseClient(randomUUID()).breakLease(0);
  } catch (error) {
    if (!hasStatus(error, 404, 409)) throw error;
  }
}
