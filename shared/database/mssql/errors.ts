import { DarkroomError } from '../../platform/errors.ts';
import { fromNumber, meanings } from '../errors.ts';

const field = (error: unknown, name: 'number' | 'code'): unknown =>
  error instanceof Error && name in error ? (error as unknown as Record<string, unknown>)[name] : undefined;

const numberOf = (error: unknown): number | undefined => {
  const number = field(error, 'number');
  return typeof number === 'number' && number !== 0 ? number : undefined;
};

/** Failures of the connection, by the driver's codes. */
const connectionCodes = [
  'ESOCKET',
  'ETIMEOUT',
  'ECONNCLOSED',
  'ENOTOPEN',
  'ECONNRESET',
  'EINSTLOOKUP',
  'ELOGIN',
];

const passing = new Set(meanings.find(({ code }) => code === 'unavailable')?.numbers);

/** A login that fails has no number in the driver, only the server's words (Microsoft's list of transient errors). */
const words: readonly (readonly [RegExp, number])[] = [
  [/^Database '.*' on server '.*' is not currently available/is, 40613],
  [/^The service has encountered an error processing your request/i, 40197],
  [/^The service is currently busy/i, 40501],
  [/^Resource ID ?: ?\d+\. The .* limit .* has been reached/is, 10928],
  [/^Resource ID ?: ?\d+\. The .* minimum guarantee is/is, 10929],
  [/^Cannot process (request|create or update request)\./i, 49918],
];

/** What a server that is resuming, moving or busy says when it refuses a login. */
const inMessage = (error: unknown): number | undefined => {
  const message = error instanceof Error ? error.message : '';
  const said = /\b(40613|4060|4221|40197|40501|10928|10929|49918|49919|49920)\b/.exec(message)?.[1];
  return said === undefined ? words.find(([pattern]) => pattern.test(message))?.[1] : Number(said);
};

export function isTransient(error: unknown): boolean {
  const number = numberOf(error) ?? inMessage(error);
  if (number !== undefined) return passing.has(number);
  const code = field(error, 'code');
  return code !== 'ELOGIN' && connectionCodes.includes(String(code));
}

/** No connection was had, and may be had later: nothing was sent, so nothing can be done twice. */
export function isNotConnected(thrown: unknown): boolean {
  const error = thrown instanceof DarkroomError ? thrown.cause : thrown;
  const isOfConnection = error instanceof Error && error.name === 'ConnectionError';
  return isOfConnection && field(error, 'code') !== 'ENOTOPEN' && isTransient(error);
}

/**
 * The server rolled the work back and says so: doing it again cannot do it twice. A deadlock, a conflict of snapshots, and
 * a row of a system-versioned table that a transaction which began later has changed already.
 */
export const wasRolledBack = (error: unknown): boolean => [1205, 3960, 13535].includes(numberOf(error) ?? 0);

/** A T-SQL compatible PostgreSQL gives one number to all that it has no own number for; its words tell them apart. */
const catchAll = 33_557_097;
const catchAllNumbers: readonly (readonly [RegExp, number])[] = [
  [/permission denied|must be owner/i, 229],
  [
    /invalid input syntax|failed to convert|numeric field overflow|out of range|cannot be cast|conversion/i,
    8114,
  ],
  [/lock timeout/i, 1222],
  [/could not serialize/i, 3960],
];

const explained = (error: unknown): number | undefined => {
  const number = numberOf(error);
  if (number !== catchAll) return number;
  const said = error instanceof Error ? error.message : '';
  return catchAllNumbers.find(([pattern]) => pattern.test(said))?.[1] ?? number;
};

export const isForbidden = (error: unknown): boolean =>
  fromNumber(explained(error) ?? 0, '', error).code === 'forbidden';

export function fromDriver(error: unknown): DarkroomError {
  if (error instanceof DarkroomError) return error;
  const number = explained(error) ?? inMessage(error);
  if (number !== undefined) return fromNumber(number, error instanceof Error ? error.message : '', error);
  return connectionCodes.includes(String(field(error, 'code')))
    ? fromNumber(-2, '', error)
    : new DarkroomError('internal', 'The database driver failed.', { cause: error });
}
