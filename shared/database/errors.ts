import { DarkroomError, type ErrorCode } from '../platform/errors.ts';

/**
 * How each engine says what went wrong, and what it means to a caller. Our own procedures raise the `DK` SQL states and
 * the 51000 numbers; the others come from constraints, types, rights and the server itself.
 */
interface Meaning {
  readonly code: ErrorCode;
  /** SQLSTATE, or the two characters of its class. */
  readonly states: readonly string[];
  /** Error numbers of SQL Server. */
  readonly numbers: readonly number[];
  /** What the caller reads instead of the engine's own words, which may name another team's objects. */
  readonly message?: string;
}

export const meanings: readonly Meaning[] = [
  { code: 'invalid-request', states: ['DK400'], numbers: [51400] },
  { code: 'forbidden', states: ['DK403'], numbers: [51403] },
  { code: 'not-found', states: ['DK404'], numbers: [51404] },
  { code: 'wrong-state', states: ['DK409'], numbers: [51409] },
  { code: 'conflict', states: ['DK410'], numbers: [51410] },
  { code: 'precondition-failed', states: ['DK412'], numbers: [51412] },
  { code: 'invalid-value', states: ['DK422'], numbers: [51422] },
  {
    code: 'forbidden',
    states: ['42501'],
    numbers: [229, 230, 262, 297, 300, 916, 2557, 15151, 15247],
    message: 'Your role does not allow this.',
  },
  {
    code: 'conflict',
    states: ['23505'],
    numbers: [2601, 2627],
    message: 'Something else already has this name or key.',
  },
  {
    code: 'invalid-value',
    states: ['23502', '23503', '23514', '22'],
    numbers: [220, 232, 241, 242, 245, 295, 515, 547, 2628, 8114, 8115, 8152, 8169, 13608, 13609],
    message: 'A value is missing, too long, or out of its bounds.',
  },
  {
    code: 'storage-full',
    states: ['53100'],
    numbers: [1101, 1105, 9002, 40544],
    message: 'The database has no room left; nothing was changed.',
  },
  {
    code: 'unavailable',
    states: ['08', '40001', '40P01', '53', '55P03', '57', '58', '25P03'],
    numbers: [
      -2, 1204, 1205, 1222, 3960, 4060, 4221, 10053, 10054, 10060, 10928, 10929, 40143, 40197, 40501, 40540,
      13535, 40613, 40615, 51503, 49918, 49919, 49920,
    ],
    message: 'The database is not available at the moment; try again.',
  },
];

const ours = (meaning: Meaning): boolean => meaning.message === undefined;

const meant = (meaning: Meaning | undefined, cause: unknown, said: string): DarkroomError =>
  meaning === undefined
    ? new DarkroomError('internal', 'The database refused a statement.', { cause })
    : new DarkroomError(meaning.code, ours(meaning) ? said : (meaning.message ?? said), { cause });

export const fromState = (state: string, said: string, cause: unknown): DarkroomError =>
  meant(
    meanings.find((one) => one.states.includes(state)) ??
      meanings.find((one) => one.states.includes(state.slice(0, 2))),
    cause,
    said,
  );

export const fromNumber = (number: number, said: string, cause: unknown): DarkroomError =>
  meant(
    meanings.find((one) => one.numbers.includes(number)),
    cause,
    said,
  );
