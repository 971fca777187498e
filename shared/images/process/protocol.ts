import { asDarkroomError, DarkroomError, type ErrorCode } from '../../platform/errors.ts';
import type { EngineLimits, EngineName } from './engine/choose.ts';
import type { ProcessedImage } from './ports.ts';

export interface WorkerSettings extends EngineLimits {
  readonly engine: EngineName;
}

/** The file that a worker reads bytes from; 0 to 3 are standard input, output, errors and messages. */
export const bytesDescriptor = 4;

/** What a worker is told; as many bytes as `size` says follow in its pipe. */
export interface Task {
  readonly size: number;
  readonly settings: WorkerSettings;
}

/** Errors do not come through between processes as what they are; codes and words do. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly cause: string | undefined;
}

export type Answer = { readonly result: ProcessedImage } | { readonly failure: Failure };

export function asFailure(error: unknown): Failure {
  const { code, message, details, cause } = asDarkroomError(error);
  return { code, message, details, cause: cause instanceof Error ? cause.stack : undefined };
}

export const fromFailure = ({ code, message, details, cause }: Failure): DarkroomError =>
  new DarkroomError(code, message, { details, ...(cause === undefined ? {} : { cause }) });
