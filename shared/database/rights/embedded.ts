import pg from 'pg';
import { parseAddress, type Address } from '../embedded/address.ts';
import { loginOf } from '../roles.ts';
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

/** A connection for each role that signs in itself. */
function signedIn(address: Address) {
  const clients = new Map<string, Promise<pg.Client>>();
  const open = async (user: string): Promise<pg.Client> => {
    const { hosts, database } = address;
    const password = await address.password(user);
    const client = new pg.Client({ ...hosts[0], database, user, password });
    await client.connect();
    return client;
  };
  return {
    of(role: string): Promise<pg.Client> {
      const client = clients.get(role) ?? open(loginOf(role));
      clients.set(role, client);
      return client;
    },
    close: async () => {
      for (const client of clients.values()) await (await client).end();
    },
  };
}

/**
 * `owner` signs in as the owner of the database, who makes its own attempts and those that need a preparation. `service`
 * is where services connect: each role's attempts are made under its login.
 */
export async function probeEmbedded(owner: string, service: string): Promise<RightsProbe> {
  const client = new pg.Client({ connectionString: owner });
  await client.connect();
  const logins = signedIn(parseAddress(service));
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
      const isOwners = role === undefined || prepare.length > 0;
      const by = isOwners ? client : await logins.of(role);
      const become =
        role === undefined || !isOwners ? [] : [`SET LOCAL SESSION AUTHORIZATION ${loginOf(role)}`];
      await by.query(['BEGIN', ...prepare, ...become].join('; '));
      try {
        await by.query(statement);
        return 'allowed';
      } catch (error) {
        const state = (error as { code?: string }).code ?? '';
        if (state === '42501') return 'denied';
        if (impossible.includes(state)) return 'impossible';
        // It was let in, and failed on the nothing that it was given.
        return 'allowed';
      } finally {
        await by.query('ROLLBACK');
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
    close: async () => {
      await Promise.all([client.end(), logins.close()]);
    },
  };
}
