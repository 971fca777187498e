import { DarkroomError } from '../../platform/errors.ts';
import { fromState } from '../errors.ts';

const stateOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

/** Failures of the socket: Node's error codes, and the driver's own sentences, which carry none. */
export const isConnectionFailure = (error: unknown): boolean =>
  error instanceof Error &&
  (/^E[A-Z]{3,}$/.test(stateOf(error) ?? '') ||
    /connection (terminated|is closed|timeout)|timeout exceeded when trying to connect|Client has encountered/i.test(
      error.message,
    ));

/** The server ends, starts, is full or has become a standby: it, or another one, will serve soon. */
const passingStates = ['57P01', '57P02', '57P03', '53300', '25006'];

/** Whether a new attempt on a new connection may meet a server that serves. */
export const isPassing = (error: unknown): boolean =>
  isConnectionFailure(error) || passingStates.includes(stateOf(error) ?? '');

export function fromDriver(error: unknown): DarkroomError {
  if (error instanceof DarkroomError) return error;
  if (isConnectionFailure(error)) return fromState('08006', '', error);
  const state = stateOf(error);
  return state === undefined
    ? new DarkroomError('internal', 'The database driver failed.', { cause: error })
    : fromState(state, (error as Error).message, error);
}
