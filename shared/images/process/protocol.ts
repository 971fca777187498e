import { isMarkedAsUntransferable, type MessagePort } from 'node:worker_threads';
import { asDarkroomError, DarkroomError, type ErrorCode } from '../../platform/errors.ts';
import type { EngineLimits, EngineName } from './engine/choose.ts';
import type { ProcessedImage } from './ports.ts';

export interface WorkerSettings extends EngineLimits {
  readonly engine: EngineName;
}

/**
 * What a worker is given. It answers on `reply`, because what a piscina task returns is copied unless worker and pool
 * share one copy of piscina, and in the bundle they do not.
 */
export interface Task {
  readonly bytes: Uint8Array;
  readonly settings: WorkerSettings;
  readonly reply: MessagePort;
}

/** Errors do not come through between threads as what they are; codes and words do. */
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

/**
 * The memory behind bytes, where handing it over takes nothing else along. Node's pool of small buffers and what
 * native code owns stay where they are, and are copied.
 */
export function ownBuffers(views: readonly Uint8Array[]): ArrayBuffer[] {
  const buffers = views.flatMap(({ buffer, byteLength }) =>
    buffer instanceof ArrayBuffer && buffer.byteLength === byteLength && !isMarkedAsUntransferable(buffer)
      ? [buffer]
      : [],
  );
  return [...new Set(buffers)];
}
