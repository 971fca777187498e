import { asDarkroomError, DarkroomError, type ErrorCode } from '../../platform/errors.ts';
import type { EngineLimits, EngineName } from './engine/choose.ts';
import type { ProcessedImage, ProcessorDescription } from './ports.ts';

export interface WorkerSettings extends EngineLimits {
  readonly engine: EngineName;
}

/** What is done with the bytes, and what comes of it. */
export interface Works {
  /** Derivatives of an image. */
  readonly process: ProcessedImage;
  /** The same, one processor after the other, so that the time of each is its own. */
  readonly measure: ProcessedImage;
  /** What the candidates say of themselves; there are no bytes. */
  readonly describe: readonly ProcessorDescription[];
  /** How alike two pictures are, which follow one another: structural similarity, 1 for the same. */
  readonly compare: number;
}

export interface Question<W extends keyof Works = keyof Works> {
  /** `process` unless it is said. */
  readonly work?: W;
  /** Bytes of the first of two pictures. */
  readonly first?: number;
}

/** What a worker is told. The file is its own: it may change it. */
export interface Task extends Question {
  readonly path: string;
  readonly settings: WorkerSettings;
}

/** Errors do not come through between processes as what they are; codes and words do. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly cause: string | undefined;
}

export type Answer<T = Works[keyof Works]> = { readonly result: T } | { readonly failure: Failure };

export function asFailure(error: unknown): Failure {
  const { code, message, details, cause } = asDarkroomError(error);
  return { code, message, details, cause: cause instanceof Error ? cause.stack : undefined };
}

export const fromFailure = ({ code, message, details, cause }: Failure): DarkroomError =>
  new DarkroomError(code, message, { details, ...(cause === undefined ? {} : { cause }) });
