import { readCursor, writeCursor } from './cursor.ts';

type Order<Row> = readonly (readonly [column: keyof Row & string, direction: 'asc' | 'desc'])[];

/** What a query needs for one page: the order, where to go on, and one row more than fits. */
export interface PageFilter<Row> {
  readonly orderBy: Order<Row>;
  readonly after?: readonly unknown[];
  readonly limit: number;
}

/**
 * One page of a sorted list (keyset paging). The row that is asked for beyond `limit` tells whether there is a next
 * page. `scope` names what was asked, so that a cursor fits no other list.
 */
export async function pageOf<Row>(options: {
  readonly scope: string;
  readonly limit: number;
  readonly cursor?: string | undefined;
  /** Its columns together tell any two rows apart. */
  readonly orderBy: Order<Row>;
  readonly fetch: (page: PageFilter<Row>) => Promise<readonly Row[]>;
}): Promise<{ rows: readonly Row[]; next: string | null }> {
  const { scope, limit, cursor, orderBy, fetch } = options;
  const after = cursor === undefined ? {} : { after: readCursor(scope, cursor) };
  const found = await fetch({ orderBy, ...after, limit: limit + 1 });
  const last = found.length > limit ? found[limit - 1] : undefined;
  const place = last && orderBy.map(([column]) => last[column]);
  return { rows: found.slice(0, limit), next: place ? writeCursor(scope, place) : null };
}
