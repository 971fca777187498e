import pg from 'pg';
import { verbsOf, type Answer, type Action, type Kind, type RightsProbe, type Verb } from './types.ts';

const quote = (name: string): string => `"${name}"`;

/** SQL states that say "nobody can do this", whatever their rights: not updatable, or not a plain function. */
const impossible = ['55000', '0A000', '42809'];

interface Thing {
  readonly schema_name: string;
  readonly object_name: string;
  readonly kind: Kind;
  /** Of a routine, `NULL::type` for each argument; of a relation, its last column that may be written. */
  readonly detail: string;
}

const things = `
  SELECT s.nspname AS schema_name, c.relname AS object_name, CASE c.relkind WHEN 'v' THEN 'view' ELSE 'table' END AS kind,
         (SELECT quote_ident(a.attname) FROM pg_attribute AS a
          WHERE a.attrelid = c.oid AND a.attnum > 0 AND a.attgenerated = '' AND a.attidentity <> 'a'
          ORDER BY a.attnum DESC LIMIT 1) AS detail
  FROM pg_class AS c JOIN pg_namespace AS s ON s.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm') AND s.nspname NOT LIKE 'pg\\_%' AND s.nspname <> 'information_schema'
  UNION ALL
  SELECT s.nspname, p.proname, 'procedure',
         coalesce((SELECT string_agg('NULL::' || format_type(t.oid, NULL), ', ' ORDER BY t.n)
                   FROM unnest(p.proargtypes) WITH ORDINALITY AS t (oid, n)), '')
  FROM pg_proc AS p JOIN pg_namespace AS s ON s.oid = p.pronamespace
  WHERE s.nspname NOT LIKE 'pg\\_%' AND s.nspname <> 'information_schema'
    AND p.prorettype <> 'trigger'::regtype
  ORDER BY 1, 2`;

function statementOf({ schema, object, verb }: Action, detail: string): string {
  const name = `${quote(schema)}.${quote(object)}`;
  const statements: Record<Verb, string> = {
    select: `SELECT FROM ${name} LIMIT 0`,
    insert: `INSERT INTO ${name} (${detail}) SELECT NULL WHERE false`,
    update: `UPDATE ${name} SET ${detail} = NULL WHERE false`,
    delete: `DELETE FROM ${name} WHERE false`,
    execute: `SELECT FROM ${name}(${detail})`,
  };
  return statements[verb];
}

/** `address` signs in as someone who may take every role; the owner's own attempts need the owner. */
export async function probeEmbedded(address: string): Promise<RightsProbe> {
  const client = new pg.Client({ connectionString: address });
  await client.connect();
  const { rows } = await client.query<Thing>(things);
  const details = new Map(rows.map((row) => [`${row.schema_name}.${row.object_name}`, row.detail]));

  return {
    actions: () =>
      Promise.resolve(
        rows.flatMap(({ schema_name, object_name, kind }) =>
          verbsOf[kind].map((verb) => ({ schema: schema_name, object: object_name, kind, verb })),
        ),
      ),
    async attempt(role, action, prepare = []): Promise<Answer> {
      const statement = statementOf(action, details.get(`${action.schema}.${action.object}`) ?? '');
      const begin = ['BEGIN', ...prepare, ...(role === undefined ? [] : [`SET LOCAL ROLE ${quote(role)}`])];
      await client.query(begin.join('; '));
      try {
        await client.query(statement);
        return 'allowed';
      } catch (error) {
        const state = (error as { code?: string }).code ?? '';
        if (state === '42501') return 'denied';
        if (impossible.includes(state)) return 'impossible';
        // It was let in, and failed on the nothing that it was given.
        return 'allowed';
      } finally {
        await client.query('ROLLBACK');
      }
    },
    async account(role, { schema, object, verb }, prepare = []): Promise<boolean> {
      await client.query(['BEGIN', ...prepare].join('; '));
      try {
        const { rowCount } = await client.query(
          `SELECT FROM operations.rights
           WHERE role_name = $1 AND schema_name = $2 AND object_name = $3 AND verb = $4 AND allowed`,
          [role, schema, object, verb],
        );
        return rowCount === 1;
      } finally {
        await client.query('ROLLBACK');
      }
    },
    close: () => client.end(),
  };
}
