import { tableOf } from './schema.ts';
import type { LakeTableName } from './schema-types.ts';

/**
 * A partition is one file with one name for ever, replaced as a whole: so a reader that lists files sees each row once. Days
 * are padded, so names sort as days do.
 */
export function partitionPath(table: LakeTableName, day: string | undefined): string {
  if (tableOf(table).partitionedBy === undefined) return `${table}/${table}.parquet`;
  const [, year, month, dayOfMonth] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day ?? '') ?? [];
  if (dayOfMonth === undefined) throw new Error(`${table} has no partition for the day ${day}.`);
  return `${table}/year=${year}/month=${month}/day=${dayOfMonth}/${table}.parquet`;
}

/** The day of a partition's path; undefined for what is no partition of a table by day. */
export function partitionDay(path: string): string | undefined {
  const [, year, month, day] = /\/year=(\d{4})\/month=(\d\d)\/day=(\d\d)\/[^/]+\.parquet$/.exec(path) ?? [];
  return day === undefined ? undefined : `${year}-${month}-${day}`;
}

export const isPartition = (table: LakeTableName, path: string): boolean =>
  path === partitionPath(table, partitionDay(path) ?? '0000-00-00');

export const utcDay = (at: Date): string => at.toISOString().slice(0, 10);

/** What the lake knows of a table's exports; engines skip names that begin with an underscore. */
export const exportNote = (table: LakeTableName): string => `${table}/_export`;
