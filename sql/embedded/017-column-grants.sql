-- Who may do what, as the engine answers it: has_…_privilege takes memberships, schemas and grants together. A right to one
-- column of a thing is a right to the thing.
CREATE OR REPLACE VIEW operations.rights AS
WITH roles AS (
  SELECT oid, rolname FROM pg_catalog.pg_roles
  WHERE NOT rolcanlogin AND NOT rolsuper AND rolname NOT LIKE 'pg\_%'
), schemas AS (
  SELECT oid, nspname FROM pg_catalog.pg_namespace
  WHERE nspname NOT LIKE 'pg\_%' AND nspname NOT IN ('information_schema', 'public')
), relations AS (
  SELECT c.oid, s.oid AS schema_oid, s.nspname, c.relname, CASE c.relkind WHEN 'v' THEN 'view' ELSE 'table' END AS kind
  FROM pg_catalog.pg_class AS c JOIN schemas AS s ON s.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm')
), routines AS (
  SELECT p.oid, s.oid AS schema_oid, s.nspname, p.proname
  FROM pg_catalog.pg_proc AS p JOIN schemas AS s ON s.oid = p.pronamespace
  WHERE p.prokind IN ('f', 'p') AND p.prorettype <> 'pg_catalog.trigger'::pg_catalog.regtype
)
SELECT r.rolname::text AS role_name, o.nspname::text AS schema_name, o.relname::text AS object_name, o.kind,
       v.verb,
       has_schema_privilege(r.oid, o.schema_oid, 'USAGE')
         AND CASE v.verb WHEN 'delete' THEN has_table_privilege(r.oid, o.oid, v.verb)
                         ELSE has_any_column_privilege(r.oid, o.oid, v.verb) END AS allowed
FROM roles AS r CROSS JOIN relations AS o
CROSS JOIN (VALUES ('select'), ('insert'), ('update'), ('delete')) AS v (verb)
UNION ALL
SELECT r.rolname, o.nspname, o.proname, 'procedure', 'execute',
       bool_or(has_schema_privilege(r.oid, o.schema_oid, 'USAGE') AND has_function_privilege(r.oid, o.oid, 'EXECUTE'))
FROM roles AS r CROSS JOIN routines AS o
GROUP BY r.rolname, o.nspname, o.proname;
