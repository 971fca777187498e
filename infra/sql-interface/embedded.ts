import type { SqlType } from '../../shared/database/catalog/types.ts';
import { codesThrough, isOfInterface, type Parameter, type SqlInterface, type Type } from './interface.ts';

const bases: Readonly<Record<string, SqlType>> = {
  ...{ uuid: 'uuid', text: 'text', 'character varying': 'text', integer: 'int', bigint: 'bigint' },
  ...{
    boolean: 'boolean',
    numeric: 'decimal',
    date: 'date',
    'timestamp with time zone': 'instant',
    jsonb: 'json',
  },
};

/** From PostgreSQL's own name of a type, as in `numeric(19,4)`. */
function typeOf(formatted: string): Type {
  const detail = /\(([\d,]+)\)/.exec(formatted)?.[1];
  const base = bases[formatted.replace(/\([\d,]+\)/, '')];
  if (base === undefined) throw new Error(`The type ${formatted} has no place in the interface.`);
  return detail === undefined || base === 'instant' ? { base } : { base, detail };
}

const viewQuery = `
  SELECT c.relnamespace::regnamespace || '.' || c.relname AS view, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type
  FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0
  WHERE c.relkind = 'v' ORDER BY c.oid, a.attnum`;

const routineQuery = `
  SELECT p.pronamespace::regnamespace || '.' || p.proname AS name, pg_get_functiondef(p.oid) AS body,
         coalesce((p.proargnames)[1:p.pronargs], '{}') AS names, p.pronargdefaults AS defaults,
         ARRAY(SELECT format_type(t, NULL) FROM unnest(p.proargtypes) WITH ORDINALITY AS u (t, n) ORDER BY n) AS types
  FROM pg_proc AS p
  WHERE p.prokind IN ('f', 'p') AND p.pronamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema')`;

const grantQuery = `
  SELECT a.grantee::regrole || ': ' || a.privilege_type || ' on ' || d.defaclnamespace::regnamespace AS grant
  FROM pg_default_acl AS d CROSS JOIN LATERAL aclexplode(d.defaclacl) AS a
  JOIN pg_namespace AS n ON n.oid = d.defaclnamespace
  WHERE has_schema_privilege(a.grantee, n.oid, 'USAGE')`;

interface Routine {
  readonly name: string;
  readonly body: string;
  readonly names: readonly string[];
  readonly types: readonly string[];
  readonly defaults: number;
}

/** Runs a statement as the owner of the database and answers its rows. */
export type RunSql = (statement: string) => Promise<readonly unknown[]>;

/** The interface as a database has it that sql/embedded was applied to. */
export async function embeddedInterface(run: RunSql): Promise<SqlInterface> {
  const views = new Map<string, [string, Type][]>();
  const columns = (await run(viewQuery)) as { view: string; name: string; type: string }[];
  for (const { view, name, type } of columns.filter((row) => isOfInterface(row.view))) {
    views.set(view, [...(views.get(view) ?? []), [name, typeOf(type)]]);
  }
  const routines = (await run(routineQuery)) as Routine[];
  const bodies = new Map(routines.map(({ name, body }) => [name, body]));
  const procedures = routines
    .filter(({ name }) => isOfInterface(name))
    .map((one) => [one.name, parametersOf(one)] as const);
  const grants = (await run(grantQuery)) as { grant: string }[];
  return {
    views,
    procedures: new Map(procedures),
    codes: codesThrough(bodies, (body) => [...body.matchAll(/'DK(\d{3})'/g)].map(([, code]) => code!)),
    grants: new Set(grants.map((row) => row.grant)),
  };
}

const parametersOf = ({ names, types, defaults }: Routine): Parameter[] =>
  names.map((name, index) => ({
    name: name.replace(/^p_/, ''),
    type: { base: typeOf(types[index]!).base },
    optional: index >= names.length - defaults,
  }));
