import type { SqlType } from '../../shared/database/catalog/types.ts';
import type { Type } from './interface.ts';
import {
  nameOf,
  type Body,
  type Call,
  type DataType,
  type Expr,
  type Ident,
  type Name,
  type Query,
  type Relation,
} from './syntax.ts';

/** Types of columns are told when they are asked for: the server's own catalogue is not known, and not asked about. */
export type Columns = ReadonlyMap<string, () => Type>;
export type Relations = ReadonlyMap<string, Columns>;

const bases: Readonly<Record<string, SqlType>> = {
  ...{
    uniqueidentifier: 'uuid',
    sysname: 'text',
    nvarchar: 'text',
    varchar: 'text',
    char: 'text',
    int: 'int',
  },
  ...{ bigint: 'bigint', bit: 'boolean', decimal: 'decimal', datetime2: 'instant', date: 'date' },
};

/** The type that a declaration of T-SQL means; nvarchar(max) holds JSON here, and nothing else does. */
export function declared(type: DataType): Type {
  const [kind, argument] = typeof type === 'string' ? [type, undefined] : Object.entries(type)[0]!;
  const custom = kind === 'Custom' ? (argument as [Name, readonly string[]]) : undefined;
  const word = (custom === undefined ? kind : nameOf(custom[0])).toLowerCase();
  if (word === 'nvarchar' && argument === 'Max') return { base: 'json' };
  const base = bases[word];
  if (base === undefined) throw new Error(`the type ${word} has no place in the interface`);
  const numbers =
    custom === undefined && base !== 'instant' ? JSON.stringify(argument ?? '').match(/\d+/g) : null;
  return numbers === null ? { base } : { base, detail: numbers.join(',') };
}

/** The columns of a query, in their order. `known` has tables and earlier views, by `schema.name`. */
export function columnsOf(query: Query, known: Relations): Columns {
  const scope = new Map(known);
  for (const { alias, query: inner } of query.with?.cte_tables ?? []) {
    scope.set(alias.name.value, columnsOf(inner, scope));
  }
  return columnsOfBody(query.body, scope);
}

function columnsOfBody(body: Body, known: Relations): Columns {
  if (body.SetOperation !== undefined) return columnsOfBody(body.SetOperation.left, known);
  if (body.Values !== undefined) {
    const [row] = body.Values.rows;
    return new Map(row!.content.map((expr, index) => [String(index), () => typeOf(expr, new Map())]));
  }
  const { projection, from } = body.Select!;
  const sources = (from ?? []).flatMap(({ relation, joins }) => [
    relation,
    ...(joins ?? []).map((join) => join.relation),
  ]);
  const scope = new Map(sources.map((source) => sourceOf(source, known)));
  return new Map(
    projection.map((item): [string, () => Type] => {
      if (item.ExprWithAlias !== undefined) {
        const { expr, alias } = item.ExprWithAlias;
        return [alias.value, () => typeOf(expr, scope)];
      }
      const path = item.UnnamedExpr?.CompoundIdentifier ?? [item.UnnamedExpr?.Identifier];
      const name = path.at(-1)?.value;
      return [name ?? 'unnamed', () => typeOf(item.UnnamedExpr!, scope)];
    }),
  );
}

function sourceOf({ Table, Derived }: Relation, known: Relations): [string, Columns] {
  if (Table !== undefined) {
    const name = nameOf(Table.name);
    return [Table.alias?.name.value ?? name, known.get(name) ?? new Map()];
  }
  const { subquery, alias } = Derived!;
  const columns = columnsOf(subquery, known);
  const names = alias?.columns?.map(({ name }) => name.value) ?? [];
  const renamed =
    names.length === 0 ? columns : new Map([...columns.values()].map((type, index) => [names[index]!, type]));
  return [alias!.name.value, renamed];
}

/** Where kinds meet, the one further to the right is the result's. */
const rank: readonly SqlType[] = ['text', 'boolean', 'int', 'bigint', 'decimal', 'date', 'instant'];
const widest = (types: readonly Type[]): Type =>
  types.reduce((one, other) => (rank.indexOf(other.base) > rank.indexOf(one.base) ? other : one));

function typeOf(expr: Expr, scope: Relations): Type {
  const of = (inner: Expr): Type => typeOf(inner, scope);
  if (expr.Identifier !== undefined) return found([expr.Identifier], scope);
  if (expr.CompoundIdentifier !== undefined) return found(expr.CompoundIdentifier, scope);
  if (expr.Convert !== undefined) return declared(expr.Convert.data_type);
  if (expr.Cast !== undefined) return declared(expr.Cast.data_type);
  if (expr.Nested !== undefined) return of(expr.Nested);
  if (expr.Collate !== undefined) return of(expr.Collate.expr);
  if (expr.Function !== undefined) return typeOfCall(expr.Function, of);
  if (expr.BinaryOp !== undefined)
    return { base: widest([of(expr.BinaryOp.left), of(expr.BinaryOp.right)]).base };
  if (expr.Case !== undefined) {
    const results = [...expr.Case.conditions.map(({ result }) => result), expr.Case.else_result];
    return widest(
      results.filter((result) => result !== undefined && !isNull(result)).map((result) => of(result!)),
    );
  }
  if (expr.Value !== undefined) return typeOfLiteral(expr.Value.value);
  throw new Error(
    `the type of ${Object.keys(expr).join()} is not known; teach infra/sql-interface/view-types.ts`,
  );
}

const isNull = ({ Value }: Expr): boolean => Value?.value === 'Null';

function typeOfLiteral(value: Readonly<Record<string, unknown>> | string): Type {
  const [kind, content] = typeof value === 'string' ? [value, undefined] : Object.entries(value)[0]!;
  if (kind !== 'Number') return { base: 'text' };
  return { base: String(content).includes('.') ? 'decimal' : 'int' };
}

function found(path: readonly Ident[], scope: Relations): Type {
  const [column, relation] = [path.at(-1)!.value, path.at(-2)?.value];
  const places = relation === undefined ? [...scope.values()] : [scope.get(relation)];
  const type = places.map((columns) => columns?.get(column)).find((one) => one !== undefined);
  if (type === undefined) throw new Error(`there is no column ${path.map(({ value }) => value).join('.')}`);
  return type();
}

function typeOfCall({ name, args }: Call, of: (expr: Expr) => Type): Type {
  const given = (args.List?.args ?? []).flatMap(({ Unnamed }) =>
    typeof Unnamed === 'object' && Unnamed.Expr !== undefined ? [Unnamed.Expr] : [],
  );
  const word = nameOf(name).toUpperCase();
  if (word === 'COUNT_BIG') return { base: 'bigint' };
  if (word === 'COUNT') return { base: 'int' };
  if (['CONCAT', 'IMAGING.COMMITMENT', 'IMAGING.DIGEST'].includes(word)) return { base: 'text' };
  if (word === 'SUM') return { base: of(given[0]!).base };
  if (['MIN', 'MAX', 'ISNULL'].includes(word)) return of(given[0]!);
  if (word === 'COALESCE') return { base: widest(given.map(of)).base };
  throw new Error(`what ${word} answers is not known; teach infra/sql-interface/view-types.ts`);
}
