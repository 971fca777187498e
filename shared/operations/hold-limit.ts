import { z } from 'zod';
import { errorCatalog, type ErrorCode } from '../platform/errors.ts';

/** More dead letters of one code than this within these minutes pause the reader of their hub. */
export interface HoldLimit {
  readonly deadLetters: number;
  readonly minutes: number;
  /** What engineers set counts for every code; what they did not set, for codes that are our own fault (5xx). */
  readonly isDefault: boolean;
}

/** A bad release fails images by the second; a processor that meets an odd image now and then does not get here. */
const defaultLimit: HoldLimit = { deadLetters: 50, minutes: 10, isDefault: true };

const detail = z.object({ deadLetters: z.int().positive(), minutes: z.int().positive() });

/** From the latest change of a reader's limit; undefined when it was switched off. */
export function holdLimitOf(row: { action: string; detail: unknown } | undefined): HoldLimit | undefined {
  if (row === undefined) return defaultLimit;
  return row.action === 'off' ? undefined : { ...detail.parse(row.detail), isDefault: false };
}

export const counts = ({ isDefault }: HoldLimit, code: string): boolean =>
  !isDefault || (code in errorCatalog && errorCatalog[code as ErrorCode].status >= 500);
