import type { ImagesRow, MembershipRow } from '../../../../client/api-types.ts';

export interface Pivot {
  readonly days: readonly string[];
  readonly columns: readonly string[];
  /** By column, then by day; a day without a row counts 0. */
  readonly values: Readonly<Record<string, readonly number[]>>;
}

interface Point {
  readonly day: string;
  readonly column: string;
  readonly value: number;
}

/** Rows of (day, column, value) as one row of values a day. */
export function pivot(points: readonly Point[]): Pivot {
  const days = [...new Set(points.map(({ day }) => day))].toSorted();
  const columns = [...new Set(points.map(({ column }) => column))].toSorted();
  const at = new Map<string, number>();
  for (const { day, column, value } of points) {
    const key = `${day}/${column}`;
    at.set(key, (at.get(key) ?? 0) + value);
  }
  const values = Object.fromEntries(
    columns.map((column) => [column, days.map((day) => at.get(`${day}/${column}`) ?? 0)]),
  );
  return { days, columns, values };
}

/** Members in good standing, by membership. */
export const activeMembers = (rows: readonly MembershipRow[]): Pivot =>
  pivot(
    rows
      .filter(({ status }) => status === 'active')
      .map(({ day, membership, members }) => ({ day, column: membership, value: members })),
  );

export const imagesBySource = (rows: readonly ImagesRow[]): Pivot =>
  pivot(rows.map(({ day, source, images }) => ({ day, column: source, value: images })));
