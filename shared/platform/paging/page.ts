import type { Seal } from '../auth/seal.ts';
import { readCursor, writeCursor } from './cursor.ts';

/**
 * One page of a sorted list: asks for one row more than fits, which tells whether there is a next page. `scope` names
 * what was asked, so that a cursor fits no other list.
 */
export async function pageOf<Row>(options: {
  readonly seal: Seal;
  readonly scope: string;
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly fetch: (after: readonly unknown[] | undefined, limit: number) => Promise<Row[]>;
  /** The values of the columns that the list is sorted by. */
  readonly place: (row: Row) => readonly unknown[];
}): Promise<{ rows: Row[]; next: string | null }> {
  const { seal, scope, limit, cursor, fetch, place } = options;
  const after = cursor === undefined ? undefined : readCursor(seal, scope, cursor);
  const found = await fetch(after, limit + 1);
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  const more = found.length > limit && last !== undefined;
  return { rows, next: more ? writeCursor(seal, scope, place(last)) : null };
}
