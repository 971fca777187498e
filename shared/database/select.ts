import { catalog, type SchemaName } from './catalog/index.ts';
import type { Columns, Schema, SqlType } from './catalog/types.ts';
import { checkKeysetValues } from './keyset-values.ts';
import type { AnyOf, Condition, Filter } from './port.ts';

/** What the two engines write differently. */
export interface Dialect {
  quote(name: string): string;
  /** The n-th parameter, from 1. */
  parameter(n: number, type: SqlType): string;
  /** A column as it is selected: where the driver would lose digits, as text. */
  selected(column: string, type: SqlType): string;
  contains(column: string, parameter: string): string;
  /** The pattern that finds a literal text. */
  pattern(text: string): string;
  limited(select: string, limit: number): string;
}

export interface Parameter {
  readonly type: SqlType;
  readonly value: unknown;
}

export interface Statement {
  readonly text: string;
  readonly parameters: readonly Parameter[];
}

type AnyFilter = Filter<Record<string, unknown>>;

export const typeOf = (column: string): SqlType => column.replace('?', '') as SqlType;

const schemas: Readonly<Record<string, Schema>> = catalog;

export function columnsOf(schema: SchemaName, view: string): Columns {
  const found = schemas[schema]?.views[view];
  if (found === undefined) throw new Error(`The catalogue has no view ${schema}.${view}.`);
  return found.columns;
}

export function procedureOf(schema: SchemaName, procedure: string): Schema['procedures'][string] {
  const found = schemas[schema]?.procedures[procedure];
  if (found === undefined) throw new Error(`The catalogue has no procedure ${schema}.${procedure}.`);
  return found;
}

/** Only names of the catalogue reach the text; every value is a parameter. */
export function selectStatement(
  dialect: Dialect,
  schema: SchemaName,
  view: string,
  filter: AnyFilter,
): Statement {
  const columns = columnsOf(schema, view);
  const parameters: Parameter[] = [];
  const { orderBy = [], after } = filter;
  if (after !== undefined) {
    const types = orderBy.map(([column]) => typeOf(known(columns, column)));
    checkKeysetValues(types, after);
  }
  const bind = (column: string, value: unknown): string => {
    const type = typeOf(known(columns, column));
    parameters.push({ type, value });
    return dialect.parameter(parameters.length, type);
  };
  const conditions = [
    ...(filter.where ?? []).map((condition) => conditionText(dialect, condition, bind)),
    ...(after === undefined ? [] : [behind(dialect, orderBy, after, bind)]),
  ];
  const names = Object.entries(columns).map(([name, type]) => dialect.selected(name, typeOf(type)));
  const select = [
    `SELECT ${names.join(', ')}`,
    `FROM ${dialect.quote(schema)}.${dialect.quote(view)} AS v`,
    ...(conditions.length === 0 ? [] : [`WHERE ${conditions.join(' AND ')}`]),
    ...orderText(dialect, columns, orderBy),
  ].join(' ');
  const text = filter.limit === undefined ? select : dialect.limited(select, checkedLimit(filter.limit));
  return { text, parameters };
}

function known(columns: Columns, column: string): string {
  const type = columns[column];
  if (type === undefined) throw new Error(`There is no column ${column} in the catalogue.`);
  return type;
}

function checkedLimit(limit: number): number {
  if (!Number.isSafeInteger(limit) || limit < 0) throw new Error('A limit is a whole number, not below 0.');
  return limit;
}

type Bind = (column: string, value: unknown) => string;

type AnyCondition = Condition<Record<string, unknown>>;

function conditionText(
  dialect: Dialect,
  condition: AnyCondition | AnyOf<Record<string, unknown>>,
  bind: Bind,
): string {
  if ('any' in condition) {
    if (condition.any.length === 0) return '1 = 0';
    return `(${condition.any.map((one) => conditionText(dialect, one, bind)).join(' OR ')})`;
  }
  const { operator, value } = condition;
  const column = `v.${dialect.quote(condition.column)}`;
  switch (operator) {
    case 'is null':
    case 'is not null':
      return `${column} ${operator.toUpperCase()}`;
    case 'in': {
      const values = value as readonly unknown[];
      if (values.length === 0) return '1 = 0';
      return `${column} IN (${values.map((one) => bind(condition.column, one)).join(', ')})`;
    }
    case 'contains':
      return dialect.contains(column, bind(condition.column, dialect.pattern(String(value))));
    case '=':
    case '<>':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return `${column} ${operator} ${bind(condition.column, value)}`;
  }
}

type Order = NonNullable<AnyFilter['orderBy']>;

/** `a >= x AND (a > x OR (a = x AND b > y))`: the first term alone lets either engine seek in an index. */
function behind(dialect: Dialect, order: Order, after: readonly unknown[], bind: Bind): string {
  const terms = order.map(([column, direction], index) => ({
    column: `v.${dialect.quote(column)}`,
    sign: direction === 'asc' ? '>' : '<',
    value: () => bind(column, after[index]),
  }));
  const past = (index: number): string => {
    const term = terms[index]!;
    const strictly = `${term.column} ${term.sign} ${term.value()}`;
    if (index === terms.length - 1) return strictly;
    return `(${strictly} OR (${term.column} = ${term.value()} AND ${past(index + 1)}))`;
  };
  const first = terms[0]!;
  if (terms.length === 1) return past(0);
  return `${first.column} ${first.sign}= ${first.value()} AND ${past(0)}`;
}

function orderText(dialect: Dialect, columns: Columns, order: Order): string[] {
  if (order.length === 0) return [];
  const terms = order.map(([column, direction]) => {
    known(columns, column);
    return `v.${dialect.quote(column)} ${direction === 'asc' ? 'ASC' : 'DESC'}`;
  });
  return [`ORDER BY ${terms.join(', ')}`];
}
