import { asDarkroomError, type DarkroomError, type ErrorCode } from '../platform/errors.ts';
import type { Origin } from '../platform/image-origin.ts';

/** The pipeline's steps, as dead letters name them. */
export type Stage = 'parse' | 'store' | 'check' | 'chunks' | 'process';

/** Faults of a record that say nothing about the image which has its id: that stays as it is. */
const sparesImage: readonly ErrorCode[] = ['id-reused', 'erased-id', 'chunks-inconsistent'];

export interface FailureScope {
  /** False where the image that has this id is well without this record. */
  readonly marksImage?: boolean;
  /** True for one record of a set, such as a chunk: the set gets one dead letter. */
  readonly once?: boolean;
}

/** A record that could not be handled: where it failed, and whose image it was as far as that is known. */
export class StageFailure extends Error {
  override readonly name = 'StageFailure';
  override readonly cause: DarkroomError;
  readonly stage: Stage;
  readonly origin: Origin | undefined;
  readonly marksImage: boolean;
  readonly once: boolean;

  constructor(stage: Stage, origin: Origin | undefined, cause: unknown, scope: FailureScope = {}) {
    const error = asDarkroomError(cause);
    super(error.message, { cause: error });
    this.cause = error;
    this.stage = stage;
    this.origin = origin;
    this.marksImage = scope.marksImage ?? !sparesImage.includes(error.code);
    this.once = scope.once ?? false;
  }
}

/** Names the stage of whatever `run` throws; the innermost stage stands. */
export async function inStage<T>(
  stage: Stage,
  origin: Origin | undefined,
  run: () => T | Promise<T>,
): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw error instanceof StageFailure ? error : new StageFailure(stage, origin, error);
  }
}
