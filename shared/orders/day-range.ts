import { day, type Clock } from '../platform/clock.ts';
import { DarkroomError } from '../platform/errors.ts';
import { maxRangeDays } from './schemas.ts';

export const dayOf = (instant: Date): string => instant.toISOString().slice(0, 10);

/** The days that are asked for; today and the 29 before it where nothing is said. Throws `invalid-request`. */
export function rangeOfDays(query: { from?: string | undefined; to?: string | undefined }, clock: Clock) {
  const to = query.to ?? dayOf(clock.now());
  const from = query.from ?? dayOf(new Date(Date.parse(to) - 29 * day));
  const days = (Date.parse(to) - Date.parse(from)) / day + 1;
  if (days < 1) throw new DarkroomError('invalid-request', 'The range ends before it begins.');
  if (days > maxRangeDays) {
    throw new DarkroomError(
      'invalid-request',
      `A range has at most ${maxRangeDays} days; this one has ${days}.`,
    );
  }
  return { from, to };
}

/** The rows of those days, as a filter of a view with a column `day`. */
export const within = ({ from, to }: { from: string; to: string }) =>
  [
    { column: 'day', operator: '>=', value: from },
    { column: 'day', operator: '<=', value: to },
  ] as const;
