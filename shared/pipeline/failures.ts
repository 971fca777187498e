import { asDarkroomError, DarkroomError, type ErrorCode } from '../errors.ts';
import type { Failure, Origin } from '../storage/ports.ts';

/** Codes that say "this never was an image that we take": the row is `rejected`, and there is no dead letter. */
const rejections: readonly ErrorCode[] = [
  'unsupported-type',
  'image-corrupt',
  'image-truncated',
  'image-too-many-pixels',
  'too-large',
];

export const isRejection = (error: unknown): error is DarkroomError =>
  error instanceof DarkroomError && rejections.includes(error.code);

export const failureOf = ({ code, message }: DarkroomError): Failure => ({ code, message });

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
