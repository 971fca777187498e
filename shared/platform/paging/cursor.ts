import { createHash } from 'node:crypto';
import { DarkroomError } from '../errors.ts';

/** Not a secret: where a cursor may lead is decided by the caller's rights at each page (docs/decisions/074-…). */
const check = (scope: string, body: string): string =>
  createHash('sha256').update(`${scope}\n${body}`).digest('base64url').slice(0, 16);

/**
 * A place in a sorted list, as text that callers hand back unread. It carries a digest over what was asked (`scope`), so
 * that one which was cut, mistyped or made for another list is told.
 */
export function writeCursor(scope: string, place: readonly unknown[]): string {
  const body = Buffer.from(JSON.stringify(place)).toString('base64url');
  return `${body}.${check(scope, body)}`;
}

/** The place in a cursor; throws `invalid-request` for one that was not made for this list. */
export function readCursor(scope: string, cursor: string): readonly unknown[] {
  const [body = '', digest] = cursor.split('.');
  const place = digest === check(scope, body) ? parsed(body) : undefined;
  if (!Array.isArray(place)) {
    throw new DarkroomError(
      'invalid-request',
      'This cursor is not one of this list; start again without a cursor.',
    );
  }
  return place as unknown[];
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(Buffer.from(body, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
