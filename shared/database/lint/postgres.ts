import pg from 'pg';
import type { Snapshot } from './snapshot.ts';

/** Namespaces, relations and routines that are the project's: none of the engine's, of a session or of an extension. */
const own = (namespace: string, catalog: string, oid: string) =>
  `${namespace}::regnamespace::text !~ '^(pg_|information_schema$)'
   AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = '${catalog}'::regclass AND objid = ${oid} AND deptype = 'e')`;

const principals = `
  SELECT rolname AS name, CASE WHEN rolcanlogin THEN 'login' ELSE 'role' END AS kind,
         array_remove(ARRAY[CASE WHEN rolsuper THEN 'SUPERUSER' END, CASE WHEN rolcreaterole THEN 'CREATEROLE' END,
           CASE WHEN rolcreatedb THEN 'CREATEDB' END, CASE WHEN rolbypassrls THEN 'BYPASSRLS' END,
           CASE WHEN rolreplication THEN 'REPLICATION' END], NULL) AS powers,
         CASE WHEN NOT rolcanlogin THEN 'none' WHEN rolpassword IS NULL THEN 'missing'
              WHEN rolpassword LIKE 'md5%' THEN 'md5' ELSE 'kept' END AS password
  FROM pg_authid WHERE rolname !~ '^pg_' ORDER BY rolname`;

const memberships = `
  SELECT roleid::regrole::text AS role, member::regrole::text AS member, admin_option AS "canPassOn"
  FROM pg_auth_members WHERE member::regrole::text !~ '^pg_' ORDER BY 1, 2`;

/** Every entry of every access list; and that PUBLIC may execute each routine to come, unless default privileges say no. */
const grants = `
  WITH lists (kind, name, list, owner) AS (
    SELECT 'database', '', coalesce(datacl, acldefault('d', datdba)), datdba FROM pg_database WHERE datname = current_database()
    UNION ALL
    SELECT 'schema', nspname, coalesce(nspacl, acldefault('n', nspowner)), nspowner FROM pg_namespace
    UNION ALL
    SELECT CASE relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'view' WHEN 'S' THEN 'sequence' ELSE 'table' END,
           relnamespace::regnamespace || '.' || relname,
           coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relowner)), relowner
    FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
    UNION ALL
    SELECT 'column', c.relnamespace::regnamespace || '.' || c.relname || '.' || a.attname, a.attacl, c.relowner
    FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid WHERE a.attacl IS NOT NULL
    UNION ALL
    SELECT 'routine', pronamespace::regnamespace || '.' || proname, coalesce(proacl, acldefault('f', proowner)), proowner
    FROM pg_proc
    UNION ALL
    SELECT CASE defaclobjtype WHEN 'r' THEN 'later table' WHEN 'S' THEN 'later table' WHEN 'f' THEN 'later routine' ELSE 'other' END,
           coalesce(n.nspname, ''), d.defaclacl, d.defaclrole
    FROM pg_default_acl AS d LEFT JOIN pg_namespace AS n ON n.oid = d.defaclnamespace
    UNION ALL
    SELECT 'later routine', '', acldefault('f', datdba), datdba FROM pg_database AS b
    WHERE datname = current_database() AND NOT EXISTS
      (SELECT FROM pg_default_acl WHERE defaclrole = b.datdba AND defaclobjtype = 'f' AND defaclnamespace = 0)
  )
  SELECT DISTINCT coalesce(r.rolname, 'PUBLIC') AS grantee, e.privilege_type AS privilege, l.kind, l.name AS object,
         e.is_grantable AS "canPassOn"
  FROM lists AS l CROSS JOIN LATERAL aclexplode(l.list) AS e LEFT JOIN pg_roles AS r ON r.oid = e.grantee
  WHERE e.grantee <> l.owner AND l.name !~ '^(pg_|information_schema)' ORDER BY 1, 3, 4, 2`;

const objects = `
  SELECT 'schema' AS kind, nspname AS name, nspowner::regrole::text AS owner
  FROM pg_namespace WHERE nspname <> 'public' AND ${own('pg_namespace.oid', 'pg_namespace', 'pg_namespace.oid')}
  UNION ALL
  SELECT CASE relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'view' WHEN 'S' THEN 'sequence' ELSE 'table' END,
         relnamespace::regnamespace || '.' || relname, relowner::regrole::text
  FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND ${own('relnamespace', 'pg_class', 'pg_class.oid')}
  UNION ALL
  SELECT 'routine', pronamespace::regnamespace || '.' || proname, proowner::regrole::text
  FROM pg_proc WHERE ${own('pronamespace', 'pg_proc', 'pg_proc.oid')}
  ORDER BY 1, 2`;

const routines = `
  SELECT pronamespace::regnamespace || '.' || proname AS name,
         CASE WHEN prosecdef THEN proowner::regrole::text ELSE 'caller' END AS "runsAs",
         (SELECT substr(setting, length('search_path=') + 1) FROM unnest(proconfig) AS setting
          WHERE setting LIKE 'search_path=%') AS "searchPath"
  FROM pg_proc WHERE ${own('pronamespace', 'pg_proc', 'pg_proc.oid')} ORDER BY 1`;

const reads = `
  SELECT DISTINCT v.relnamespace::regnamespace || '.' || v.relname AS view,
         t.relnamespace::regnamespace || '.' || t.relname AS object, a.attname AS column
  FROM pg_depend AS d
  JOIN pg_rewrite AS r ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
  JOIN pg_class AS v ON v.oid = r.ev_class
  JOIN pg_class AS t ON d.refclassid = 'pg_class'::regclass AND t.oid = d.refobjid AND t.oid <> v.oid
  JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
  WHERE d.refobjsubid > 0 AND ${own('v.relnamespace', 'pg_class', 'v.oid')} ORDER BY 1, 2, 3`;

const tables = `
  SELECT relnamespace::regnamespace || '.' || relname AS name,
         EXISTS (SELECT FROM pg_constraint WHERE conrelid = c.oid AND contype = 'p') AS "hasPrimaryKey"
  FROM pg_class AS c WHERE relkind IN ('r', 'p') AND ${own('relnamespace', 'pg_class', 'c.oid')} ORDER BY 1`;

const indexes = `
  SELECT t.relnamespace::regnamespace || '.' || t.relname AS table, c.relname AS name, m.amname AS method,
         (SELECT array_agg(pg_get_indexdef(i.indexrelid, n, true)
                           || CASE WHEN i.indoption[n - 1] & 1 = 1 THEN ' DESC' ELSE '' END ORDER BY n)
          FROM generate_series(1, i.indnkeyatts) AS n) AS keys,
         (SELECT coalesce(array_agg(pg_get_indexdef(i.indexrelid, n, true) ORDER BY n), '{}')
          FROM generate_series(i.indnkeyatts + 1, i.indnatts) AS n) AS includes,
         pg_get_expr(i.indpred, i.indrelid) AS filter, i.indisunique AS "isUnique",
         json_build_object('ofIndex', coalesce(pg_stat_get_numscans(i.indexrelid), 0),
           'ofTable', coalesce(pg_stat_get_numscans(t.oid), 0)
             + (SELECT coalesce(sum(pg_stat_get_numscans(indexrelid)), 0) FROM pg_index WHERE indrelid = t.oid),
           'rows', greatest(t.reltuples, pg_stat_get_live_tuples(t.oid))::bigint) AS uses
  FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid JOIN pg_class AS t ON t.oid = i.indrelid
  JOIN pg_am AS m ON m.oid = c.relam
  WHERE i.indisvalid AND ${own('t.relnamespace', 'pg_class', 't.oid')} ORDER BY 1, 2`;

const foreignKeys = `
  SELECT t.relnamespace::regnamespace || '.' || t.relname AS table, k.conname AS name,
         (SELECT array_agg(quote_ident(a.attname) ORDER BY n) FROM unnest(k.conkey) WITH ORDINALITY AS c (attnum, n)
          JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = c.attnum) AS columns
  FROM pg_constraint AS k JOIN pg_class AS t ON t.oid = k.conrelid
  WHERE k.contype = 'f' AND ${own('t.relnamespace', 'pg_class', 't.oid')} ORDER BY 1, 2`;

const switchedOff = `
  SELECT kind, name, o.relnamespace::regnamespace || '.' || o.relname AS table
  FROM (
    SELECT 'constraint' AS kind, conname AS name, conrelid AS oid FROM pg_constraint
    WHERE conrelid <> 0 AND NOT (convalidated AND conenforced)
    UNION ALL
    SELECT 'index', i.relname, x.indrelid FROM pg_index AS x JOIN pg_class AS i ON i.oid = x.indexrelid WHERE NOT x.indisvalid
    UNION ALL
    SELECT 'trigger', tgname, tgrelid FROM pg_trigger WHERE tgenabled = 'D'
  ) AS off JOIN pg_class AS o ON o.oid = off.oid
  WHERE ${own('o.relnamespace', 'pg_class', 'o.oid')} ORDER BY 1, 2`;

const rowSecurity = `
  SELECT * FROM (
    SELECT relnamespace::regnamespace || '.' || relname AS name, relrowsecurity AS "isOn", relforcerowsecurity AS "isForced",
           (SELECT count(*) FROM pg_policy WHERE polrelid = c.oid)::int AS policies
    FROM pg_class AS c WHERE relkind IN ('r', 'p')
  ) AS t WHERE "isOn" OR policies > 0 ORDER BY name`;

const lists = {
  principals,
  memberships,
  grants,
  objects,
  routines,
  reads,
  tables,
  indexes,
  foreignKeys,
  switchedOff,
  rowSecurity,
};

/** What PostgreSQL's catalogue says, on a connection of its owner: passwords are seen by nobody else. */
export async function snapshotOf(client: pg.ClientBase): Promise<Snapshot> {
  const found: Record<string, unknown> = {};
  for (const [name, statement] of Object.entries(lists)) found[name] = (await client.query(statement)).rows;
  const owner = 'SELECT datdba::regrole::text AS owner FROM pg_database WHERE datname = current_database()';
  const { rows } = await client.query<{ owner: string }>(owner);
  return { engine: 'PostgreSQL', owner: rows[0]!.owner, ...found } as unknown as Snapshot;
}

export async function readPostgres(address: string): Promise<Snapshot> {
  const client = new pg.Client({ connectionString: address });
  await client.connect();
  try {
    return await snapshotOf(client);
  } finally {
    await client.end();
  }
}
