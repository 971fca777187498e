import type { SqlType } from '../../shared/database/catalog/types.ts';
import { roleOf } from '../../shared/database/roles.ts';
import { catalog, type SchemaName } from '../../shared/database/catalog/index.ts';

/** A type of the catalogue; `detail` is a length, or precision and scale, where the engine fixes one. */
export interface Type {
  readonly base: SqlType;
  readonly detail?: string;
}

export interface Parameter {
  readonly name: string;
  readonly type: Type;
  /** May be left out. */
  readonly optional: boolean;
}

/** What callers meet: the views and procedures of the schemas that roles are granted, by `schema.name`. */
export interface SqlInterface {
  readonly views: ReadonlyMap<string, readonly (readonly [column: string, type: Type])[]>;
  readonly procedures: ReadonlyMap<string, readonly Parameter[]>;
  /** Error codes of our own that each procedure can answer with, as in `DK404`, without the letters. */
  readonly codes: ReadonlyMap<string, ReadonlySet<string>>;
  /** `role: right on schema`. */
  readonly grants: ReadonlySet<string>;
}

const interfaceSchemas = Object.keys(catalog) as SchemaName[];

export const isOfInterface = (name: string): boolean =>
  (interfaceSchemas as readonly string[]).includes(name.split('.')[0]!);

/** What the permission model says: a role selects from the views of its schema and executes its procedures. */
export const grantsOfModel: ReadonlySet<string> = new Set(
  interfaceSchemas.flatMap((schema) =>
    ['SELECT', 'EXECUTE'].map((right) => `${roleOf(schema)}: ${right} on ${schema}`),
  ),
);

/** What each routine can raise itself, or through one that its text names. */
export function codesThrough(
  bodies: ReadonlyMap<string, string>,
  raised: (body: string) => readonly string[],
): Map<string, Set<string>> {
  const own = new Map([...bodies].map(([name, body]) => [name, new Set(raised(body))] as const));
  const named = new Map(
    [...bodies].map(([name, body]) => {
      const words = new Set(body.match(/\w+\.\w+/g));
      return [name, [...bodies.keys()].filter((other) => other !== name && words.has(other))] as const;
    }),
  );
  const reached = (name: string, seen: Set<string>): Set<string> => {
    if (seen.has(name)) return seen;
    seen.add(name);
    for (const other of named.get(name) ?? []) reached(other, seen);
    return seen;
  };
  return new Map(
    [...bodies.keys()].map((name) => {
      const codes = [...reached(name, new Set())].flatMap((one) => [...(own.get(one) ?? [])]);
      return [name, new Set(codes)];
    }),
  );
}
