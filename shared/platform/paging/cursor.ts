import type { Seal } from '../auth/seal.ts';
import { DarkroomError } from '../errors.ts';

const purpose = 'cursor';

/**
 * A place in a sorted list, as text that callers hand back unread. It is sealed together with what was asked (`scope`),
 * so that it cannot be altered or carried over to another list.
 */
export function writeCursor(seal: Seal, scope: string, place: readonly unknown[]): string {
  const body = Buffer.from(JSON.stringify(place)).toString('base64url');
  return `${body}.${seal.sign(purpose, `${scope}\n${body}`)}`;
}

/** The place in a cursor; throws `invalid-request` for one that was not made for this list. */
export function readCursor(seal: Seal, scope: string, cursor: string): readonly unknown[] {
  const [body = '', signature = ''] = cursor.split('.');
  if (!seal.verify(purpose, `${scope}\n${body}`, signature)) {
    throw new DarkroomError(
      'invalid-request',
      'This cursor is not one of this list; start again without a cursor.',
    );
  }
  return JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as unknown[];
}
