import { asDarkroomError, type DarkroomError } from '../platform/errors.ts';
import type { Origin } from '../platform/image-origin.ts';

/** The pipeline's steps, as dead letters name them. */
export type Stage = 'parse' | 'store' | 'check' | 'chunks' | 'process';

/** A record that could not be handled: where it failed, and whose image it was as far as that is known. */
export class StageFailure extends Error {
  override readonly name = 'StageFailure';
  override readonly cause: DarkroomError;
  readonly stage: Stage;
  readonly origin: Origin | undefined;

  constructor(stage: Stage, origin: Origin | undefined, cause: unknown) {
    const error = asDarkroomError(cause);
    super(error.message, { cause: error });
    this.cause = error;
    this.stage = stage;
    this.origin = origin;
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
