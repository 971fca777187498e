import sql from 'mssql';
import type { Columns, SqlType } from '../catalog/types.ts';
import { typeOf, type Dialect } from '../select.ts';

const quote = (name: string): string => `[${name.replaceAll(']', ']]')}]`;

/** The driver makes a JavaScript number of a decimal, which loses digits: columns are selected as text. */
export const dialect: Dialect = {
  quote,
  parameter: (n) => `@p${n}`,
  selected: (column, type) =>
    type === 'decimal'
      ? `CONVERT(varchar(40), v.${quote(column)}) AS ${quote(column)}`
      : type === 'date'
        ? `CONVERT(varchar(10), v.${quote(column)}, 23) AS ${quote(column)}`
        : `v.${quote(column)}`,
  contains: (column, parameter) => `(${parameter} = N'' OR CHARINDEX(${parameter}, ${column}) > 0)`,
  pattern: (text) => text,
  limited: (select, limit) => select.replace(/^SELECT/, `SELECT TOP (${limit})`),
};

/** Decimals and dates travel as text and are converted, exactly, by the server. */
export const inputTypes: Record<SqlType, () => sql.ISqlType> = {
  uuid: () => sql.UniqueIdentifier(),
  text: () => sql.NVarChar(sql.MAX),
  int: () => sql.Int(),
  bigint: () => sql.BigInt(),
  boolean: () => sql.Bit(),
  decimal: () => sql.VarChar(40),
  instant: () => sql.DateTime2(3),
  date: () => sql.VarChar(10),
  json: () => sql.NVarChar(sql.MAX),
};

/** Text parameters that columns are compared with keep a length, so that an index can be used. */
export const filterType = (type: SqlType): sql.ISqlType =>
  type === 'text' ? sql.NVarChar(4000) : inputTypes[type]();

export function toDriver(type: SqlType, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  return type === 'json' ? JSON.stringify(value) : value;
}

const fromDriver: Record<SqlType, (value: unknown) => unknown> = {
  uuid: (value) => String(value).toLowerCase(),
  text: String,
  int: Number,
  bigint: Number,
  boolean: (value) => value === true || value === 1,
  decimal: String,
  instant: (value) => value,
  date: (value) => (value instanceof Date ? value.toISOString().slice(0, 10) : String(value)),
  json: (value) => JSON.parse(String(value)) as unknown,
};

export function fromRow(columns: Columns, row: Record<string, unknown>): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  for (const [name, column] of Object.entries(columns)) {
    const given = row[name];
    value[name] = given === null || given === undefined ? null : fromDriver[typeOf(column)](given);
  }
  return value;
}
