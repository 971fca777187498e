import { z } from 'zod';

/** Pieces that the desks' routes share. */
/** A value as it may be, for who reads the reference. */
const like = (example: string | number) => ({ examples: [example] });

export const instant = z.iso
  .datetime()
  .describe('UTC, with milliseconds')
  .meta(like('2026-03-14T09:26:53.589Z'));
export const dayText = z.iso.date().describe('A day of UTC').meta(like('2026-03-14'));
export const money = z.string().describe('An exact decimal with up to 4 places').meta(like('12.3400'));
export const weight = z
  .string()
  .describe('Kilograms: an exact decimal with up to 3 places')
  .meta(like('0.250'));
export const asOf = instant.describe('When this was read');

export const moneyInput = z
  .string()
  .regex(
    /^\d{1,15}(\.\d{1,4})?$/,
    'An amount is written as "12.34": digits, a point, at most 4 places, not negative.',
  )
  .meta(like('12.34'));
export const weightInput = z
  .string()
  .regex(
    /^\d{1,9}(\.\d{1,3})?$/,
    'A weight is written as "0.250": kilograms, at most 3 places, not negative.',
  )
  .meta(like('0.250'));

export const numericId = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER);

export const paging = {
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.string().max(1000).optional().describe('`next` of the page before'),
} as const;

/** Ranges of days end here: three years with room. */
export const maxRangeDays = 1100;

/** A range of days, both included; the last thirty days unless told. */
export const dayRange = { from: dayText.optional(), to: dayText.optional() } as const;
