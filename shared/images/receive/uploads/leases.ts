import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BlockBlobClient } from '@azure/storage-blob';
import { hasStatus, isMissing, isTaken } from '../../../platform/blobs/failures.ts';
import { DarkroomError } from '../../../platform/errors.ts';

const maxBreaks = 5;
const maxPauseMs = 250;

/** What Azure answers when a lease was broken or taken by another, or the blob has gone meanwhile. */
export const isLostLease = (error: unknown): boolean => isTaken(error) || isMissing(error);

export const lostLease = (cause: unknown): DarkroomError =>
  new DarkroomError(
    'locked',
    'Another request continues this upload; ask for its offset and go on from there.',
    {
      cause,
    },
  );

async function acquire(blob: BlockBlobClient, lease: string): Promise<'acquired' | 'held' | 'missing'> {
  try {
    await blob.getBlobLeaseClient(lease).acquireLease(-1);
    return 'acquired';
  } catch (error) {
    if (isMissing(error)) return 'missing';
    if (hasStatus(error, 409)) return 'held';
    throw error;
  }
}

/**
 * Takes the lease of a blob until it is released or broken, from a holder that does not release it within `waitMs`;
 * undefined when there is no blob.
 */
export async function takeLease(blob: BlockBlobClient, waitMs: number): Promise<string | undefined> {
  const takeOverAt = performance.now() + waitMs;
  let pauseMs = 10;
  for (let breaks = 0; breaks < maxBreaks;) {
    const lease = randomUUID();
    const outcome = await acquire(blob, lease);
    if (outcome === 'acquired') return lease;
    if (outcome === 'missing') return undefined;
    if (performance.now() >= takeOverAt) {
      await breakLease(blob);
      breaks++;
    } else {
      await sleep(pauseMs);
      pauseMs = Math.min(pauseMs * 2, maxPauseMs);
    }
  }
  throw new DarkroomError('locked', 'Others are writing to this upload at this moment; try again.');
}

async function breakLease(blob: BlockBlobClient): Promise<void> {
  try {
    await blob.getBlobLeaseClient(randomUUID()).breakLease(0);
  } catch (error) {
    if (!hasStatus(error, 404, 409)) throw error;
  }
}

/** A lease that was lost, or that cannot be released now, is taken over by whoever comes next. */
export async function releaseLease(blob: BlockBlobClient, lease: string): Promise<void> {
  await blob
    .getBlobLeaseClient(lease)
    .releaseLease()
    .catch(() => undefined);
}
