import type { RestError } from '@azure/storage-blob';
import { DarkroomError } from '../errors.ts';

/** By name, as the SDK's own `isRestError` tells: every app handles these errors, not every app has the SDK loaded. */
const isRestError = (error: unknown): error is RestError =>
  error instanceof Error && error.name === 'RestError';

/** A refusal by the service with one of these HTTP statuses. */
export const hasStatus = (error: unknown, ...statuses: number[]): boolean =>
  isRestError(error) && error.statusCode !== undefined && statuses.includes(error.statusCode);

/** The blob is there already, or was touched by somebody else between two of our steps. */
export const isTaken = (error: unknown): boolean => hasStatus(error, 409, 412);

export const isMissing = (error: unknown): boolean => hasStatus(error, 404);

/**
 * Uncommitted blocks were dropped under us: another writer of the same blob committed, or cleaned up, in between.
 * (Also what a second commit of the same list answers when the first one's answer was lost.)
 */
export const lostItsBlocks = (error: unknown): boolean =>
  isRestError(error) && error.code === 'InvalidBlockList';

/** The request itself is refused, so what is in it: bad metadata, a name, a size. No waiting changes that. */
const isRefused = (error: unknown): boolean => hasStatus(error, 400, 413, 414, 431) && !lostItsBlocks(error);

/**
 * What the store did not do, as an error of ours. A store that is away, throttles or refuses our identity is an outage
 * that ends (`unavailable`); one that calls the request itself bad is `internal`, so that no image is tried for ever.
 */
export function storageFailure(error: unknown, doing: string): DarkroomError {
  if (error instanceof DarkroomError) return error;
  if (isRefused(error)) {
    return new DarkroomError('internal', `The image store refused what it was given while ${doing}.`, {
      cause: error,
    });
  }
  if (hasStatus(error, 507)) {
    return new DarkroomError(
      'storage-full',
      `The image store has no room left; nothing was kept while ${doing}.`,
      {
        cause: error,
      },
    );
  }
  return new DarkroomError('unavailable', `The image store did not answer while ${doing}.`, { cause: error });
}

/** Runs it, with failures of the store as `unavailable`. */
export async function atStore<T>(doing: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw storageFailure(error, doing);
  }
}
