import type { Columns, SqlType } from '../catalog/types.ts';
import { typeOf, type Dialect, type Parameter } from '../select.ts';

/** The name of each catalogue type in PostgreSQL. */
export const sqlTypes = {
  uuid: 'uuid',
  text: 'text',
  int: 'integer',
  bigint: 'bigint',
  boolean: 'boolean',
  decimal: 'numeric',
  instant: 'timestamptz',
  date: 'date',
  json: 'jsonb',
} as const satisfies Record<SqlType, string>;

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export const dialect: Dialect = {
  quote,
  parameter: (n, type) => `$${n}::${sqlTypes[type]}`,
  selected: (column) => `v.${quote(column)}`,
  contains: (column, parameter) => `${column} LIKE ${parameter}`,
  pattern: (text) => `%${text.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`,
  limited: (select, limit) => `${select} LIMIT ${limit}`,
};

/** A value as the wire takes it. */
export function toWire({ type, value }: Parameter): string | null {
  if (value === null || value === undefined) return null;
  if (type === 'json') return JSON.stringify(value);
  if (value instanceof Date) return value.toISOString();
  return `${value as string | number | boolean}`;
}

const fromText: Record<SqlType, (text: string) => unknown> = {
  uuid: (text) => text,
  text: (text) => text,
  int: Number,
  bigint: Number,
  boolean: (text) => text === 't',
  decimal: (text) => text,
  instant: (text) => new Date(text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00')),
  date: (text) => text,
  json: (text) => JSON.parse(text) as unknown,
};

/** Rows of texts, as the driver hands them over unparsed, as values of the catalogue's types. */
export function fromWire(columns: Columns, rows: readonly (string | null)[][]): Record<string, unknown>[] {
  const readers = Object.entries(columns).map(([name, column]) => [name, fromText[typeOf(column)]] as const);
  return rows.map((row) => {
    const value: Record<string, unknown> = {};
    readers.forEach(([name, read], index) => {
      const text = row[index];
      value[name] = text === null || text === undefined ? null : read(text);
    });
    return value;
  });
}
