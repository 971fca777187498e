import { isMissing, isTaken, lostItsBlocks, storageFailure } from '../../platform/blobs/failures.ts';
import { LakeConflict } from './port.ts';

/** Runs it, with a file that was changed meanwhile as LakeConflict and other failures of the store as `unavailable`. */
export async function guarded<T>(path: string, doing: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (isTaken(error) || isMissing(error) || lostItsBlocks(error)) throw new LakeConflict(path, error);
    throw storageFailure(error, doing);
  }
}
