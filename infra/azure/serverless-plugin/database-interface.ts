import { catalog } from '../../../shared/database/catalog/index.ts';
import { leaving } from '../../../shared/database/catalog/leaving.ts';
import type { Column, Columns, Schema } from '../../../shared/database/catalog/types.ts';

/** What a release asks of the database, by `schema.name`. */
export interface DatabaseInterface {
  readonly views: Readonly<Record<string, Columns>>;
  readonly procedures: Readonly<Record<string, { readonly parameters: Columns; readonly returns: Columns }>>;
}

type Schemas = Readonly<Record<string, Schema>>;

function named<T, R>(
  schemas: Schemas,
  of: (schema: Schema) => Readonly<Record<string, T>>,
  map: (one: T) => R,
) {
  return Object.fromEntries(
    Object.entries(schemas).flatMap(([schema, one]) =>
      Object.entries(of(one)).map(([name, value]) => [`${schema}.${name}`, map(value)] as const),
    ),
  );
}

/** All that this checkout's migrations leave in the database. */
export const interfaceOf = (schemas: Schemas = catalog): DatabaseInterface => ({
  views: named(
    schemas,
    (schema) => schema.views,
    ({ columns }) => columns,
  ),
  procedures: named(
    schemas,
    (schema) => schema.procedures,
    ({ parameters, returns }) => ({ parameters, returns }),
  ),
});

function without<T>(
  values: Readonly<Record<string, T>>,
  isGone: (name: string) => boolean,
): Record<string, T> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !isGone(name)));
}

/** What the code of this checkout uses of it. */
export function usedInterface(
  { views, procedures }: DatabaseInterface = interfaceOf(),
  gone: readonly string[] = leaving,
): DatabaseInterface {
  const isGone = (name: string): boolean => gone.includes(name);
  const used = Object.entries(without(views, isGone)).map(([name, columns]) => {
    return [name, without(columns, (column) => isGone(`${name}.${column}`))] as const;
  });
  return { views: Object.fromEntries(used), procedures: without(procedures, isGone) };
}

const isNullable = (column: Column): boolean => column.endsWith('?');
const base = (column: Column): string => column.replace('?', '');

/** Who reads these columns finds them, and nothing where nothing was possible before. */
function unreadable(name: string, used: Columns, found: Columns): string[] {
  return Object.entries(used).flatMap(([column, type]) => {
    const now = found[column];
    if (now === undefined) return [`${name} has no ${column} any more`];
    if (base(now) !== base(type)) return [`${name} has ${column} as ${base(now)}, which was ${base(type)}`];
    return isNullable(now) && !isNullable(type) ? [`${name} may have no value in ${column}`] : [];
  });
}

/** Who calls with these parameters is understood. */
function uncallable(name: string, used: Columns, found: Columns): string[] {
  const old = Object.entries(used).flatMap(([parameter, type]) => {
    const now = found[parameter];
    if (now === undefined) return [`${name} takes no ${parameter} any more`];
    if (base(now) !== base(type))
      return [`${name} takes ${parameter} as ${base(now)}, which was ${base(type)}`];
    return isNullable(type) && !isNullable(now) ? [`${name} does not go without ${parameter} any more`] : [];
  });
  const added = Object.entries(found).filter(
    ([parameter, type]) => !(parameter in used) && !isNullable(type),
  );
  return [...old, ...added.map(([parameter]) => `${name} does not go without ${parameter}`)];
}

/** What of the one the other does not serve, a sentence each; nothing when a release that uses the one runs on the other. */
export function unserved(used: DatabaseInterface, found: DatabaseInterface): string[] {
  const views = Object.entries(used.views).flatMap(([name, columns]) => {
    const now = found.views[name];
    return now === undefined ? [`there is no view ${name}`] : unreadable(name, columns, now);
  });
  const procedures = Object.entries(used.procedures).flatMap(([name, { parameters, returns }]) => {
    const now = found.procedures[name];
    if (now === undefined) return [`there is no procedure ${name}`];
    return [...uncallable(name, parameters, now.parameters), ...unreadable(name, returns, now.returns)];
  });
  return [...views, ...procedures];
}
