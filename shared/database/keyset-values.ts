import { DarkroomError } from '../platform/errors.ts';
import type { SqlType } from './catalog/types.ts';

const whole = (value: unknown, max: number): boolean =>
  Number.isInteger(value) && Math.abs(value as number) <= max;
const like = (value: unknown, form: RegExp): boolean => typeof value === 'string' && form.test(value);
const isInstant = (value: unknown): boolean => {
  const year = new Date(value as string).getUTCFullYear();
  return (value instanceof Date || like(value, /^\d{4}-/)) && year >= 1 && year <= 9999;
};

const forms: Readonly<Record<SqlType, (value: unknown) => boolean>> = {
  uuid: (value) => like(value, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
  text: (value) => typeof value === 'string' && value.length <= 4000 && !value.includes('\0'),
  int: (value) => whole(value, 2 ** 31 - 1),
  bigint: (value) => whole(value, Number.MAX_SAFE_INTEGER),
  boolean: (value) => typeof value === 'boolean',
  decimal: (value) => like(value, /^-?\d{1,15}(\.\d{1,12})?$/),
  instant: isInstant,
  date: (value) => like(value, /^\d{4}-\d\d-\d\d$/) && isInstant(value),
  json: () => false,
};

/**
 * Throws `invalid-request` unless the values are of the types that the columns of a keyset have: they come out of cursors,
 * which a caller can write as well as we can.
 */
export function checkKeysetValues(types: readonly SqlType[], values: readonly unknown[]): void {
  if (types.length === values.length && types.every((type, index) => forms[type](values[index]))) return;
  throw new DarkroomError('invalid-request', 'This cursor is not one of this list; start again without one.');
}
