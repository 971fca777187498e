import type sql from 'mssql';
import { configOf } from '../mssql/pools.ts';
import { withConnection } from '../mssql/connect.ts';
import type { Snapshot } from './snapshot.ts';

/** Names of the catalogue have a collation of its own. */
const name = (schema: string, object: string) => `CONCAT(${schema}, N'.', ${object})`;

const principals = `
  SELECT name, CASE type WHEN 'R' THEN 'role' ELSE 'login' END AS kind,
         CASE authentication_type_desc WHEN 'DATABASE' THEN 'in the database' ELSE 'none' END AS password
  FROM sys.database_principals
  WHERE is_fixed_role = 0 AND name NOT IN (N'public', N'dbo', N'guest', N'sys', N'INFORMATION_SCHEMA') ORDER BY name`;

const memberships = `
  SELECT r.name AS role, m.name AS member, CONVERT(bit, 0) AS canPassOn
  FROM sys.database_role_members AS a
  JOIN sys.database_principals AS r ON r.principal_id = a.role_principal_id
  JOIN sys.database_principals AS m ON m.principal_id = a.member_principal_id
  WHERE m.name <> N'dbo' ORDER BY r.name, m.name`;

const grants = `
  SELECT g.name AS grantee, p.permission_name AS privilege, CONVERT(bit, CASE p.state WHEN 'W' THEN 1 ELSE 0 END) AS canPassOn,
         CASE p.class WHEN 0 THEN 'database' WHEN 3 THEN 'schema' WHEN 1 THEN
           CASE WHEN c.name IS NOT NULL THEN 'column' WHEN o.type = 'V' THEN 'view' WHEN o.type = 'U' THEN 'table'
                WHEN o.type = 'SO' THEN 'sequence' ELSE 'routine' END
         ELSE 'other' END AS kind,
         CASE p.class WHEN 3 THEN SCHEMA_NAME(p.major_id) WHEN 4 THEN USER_NAME(p.major_id)
           WHEN 1 THEN CONCAT(s.name, N'.', o.name, N'.' + c.name) ELSE N'' END AS object
  FROM sys.database_permissions AS p
  JOIN sys.database_principals AS g ON g.principal_id = p.grantee_principal_id
  LEFT JOIN sys.objects AS o ON p.class = 1 AND o.object_id = p.major_id
  LEFT JOIN sys.schemas AS s ON s.schema_id = o.schema_id
  LEFT JOIN sys.columns AS c ON p.class = 1 AND p.minor_id > 0 AND c.object_id = p.major_id AND c.column_id = p.minor_id
  WHERE p.state IN ('G', 'W') AND g.name <> N'dbo' AND (p.class <> 1 OR o.is_ms_shipped = 0) AND p.major_id >= 0
  ORDER BY g.name, object, privilege`;

const objects = `
  SELECT 'schema' AS kind, name, USER_NAME(principal_id) AS owner FROM sys.schemas
  WHERE schema_id < 16384 AND name NOT IN (N'sys', N'INFORMATION_SCHEMA', N'guest')
  UNION ALL
  SELECT CASE o.type WHEN 'V' THEN 'view' WHEN 'U' THEN 'table' WHEN 'SO' THEN 'sequence' ELSE 'routine' END,
         ${name('s.name', 'o.name')}, USER_NAME(COALESCE(o.principal_id, s.principal_id))
  FROM sys.objects AS o JOIN sys.schemas AS s ON s.schema_id = o.schema_id
  WHERE o.is_ms_shipped = 0 AND o.type IN ('V', 'U', 'SO', 'P', 'FN', 'IF', 'TF') ORDER BY kind, name`;

const routines = `
  SELECT ${name('s.name', 'o.name')} AS name, CONVERT(nvarchar(10), NULL) AS searchPath,
         CASE WHEN m.execute_as_principal_id IS NULL THEN N'caller' WHEN m.execute_as_principal_id = -2 THEN N'its owner'
              ELSE USER_NAME(m.execute_as_principal_id) END AS runsAs
  FROM sys.sql_modules AS m JOIN sys.objects AS o ON o.object_id = m.object_id
  JOIN sys.schemas AS s ON s.schema_id = o.schema_id WHERE o.is_ms_shipped = 0 AND o.type <> 'V' ORDER BY name`;

const reads = `
  SELECT DISTINCT ${name('s.name', 'v.name')} AS [view], ${name('r.referenced_schema_name', 'r.referenced_entity_name')} AS object,
         r.referenced_minor_name AS [column]
  FROM sys.views AS v JOIN sys.schemas AS s ON s.schema_id = v.schema_id
  CROSS APPLY sys.dm_sql_referenced_entities(CONCAT(QUOTENAME(s.name), N'.', QUOTENAME(v.name)), N'OBJECT') AS r
  WHERE v.is_ms_shipped = 0 AND r.referenced_minor_name IS NOT NULL AND r.referenced_schema_name <> N'sys'`;

/** The history of a system-versioned table can have no key; in a ledger to which rows are only added (3) its own columns name them. */
const tables = `
  SELECT ${name('s.name', 't.name')} AS name,
         CONVERT(bit, OBJECTPROPERTY(t.object_id, 'TableHasPrimaryKey')) AS hasPrimaryKey
  FROM sys.tables AS t JOIN sys.schemas AS s ON s.schema_id = t.schema_id
  WHERE t.is_ms_shipped = 0 AND t.temporal_type <> 1 AND t.ledger_type <> 3 ORDER BY name`;

const columns = (isIncluded: 0 | 1) => `
  (SELECT STRING_AGG(CONCAT(c.name, CASE k.is_descending_key WHEN 1 THEN N' DESC' END), N',')
          WITHIN GROUP (ORDER BY k.key_ordinal, k.index_column_id)
   FROM sys.index_columns AS k JOIN sys.columns AS c ON c.object_id = k.object_id AND c.column_id = k.column_id
   WHERE k.object_id = i.object_id AND k.index_id = i.index_id AND k.is_included_column = ${isIncluded})`;

const indexes = `
  SELECT ${name('s.name', 't.name')} AS [table], i.name, 'rowstore' AS method, ${columns(0)} AS keys, ${columns(1)} AS includes,
         i.filter_definition AS filter, i.is_unique AS isUnique,
         COALESCE(u.user_seeks + u.user_scans + u.user_lookups, 0) AS ofIndex,
         (SELECT COALESCE(SUM(user_seeks + user_scans), 0) FROM sys.dm_db_index_usage_stats
          WHERE database_id = DB_ID() AND object_id = t.object_id) AS ofTable,
         (SELECT SUM(row_count) FROM sys.dm_db_partition_stats WHERE object_id = t.object_id AND index_id < 2) AS row_count
  FROM sys.indexes AS i JOIN sys.tables AS t ON t.object_id = i.object_id JOIN sys.schemas AS s ON s.schema_id = t.schema_id
  LEFT JOIN sys.dm_db_index_usage_stats AS u
    ON u.database_id = DB_ID() AND u.object_id = i.object_id AND u.index_id = i.index_id
  WHERE t.is_ms_shipped = 0 AND t.temporal_type <> 1 AND i.type IN (1, 2) AND i.is_disabled = 0 ORDER BY [table], i.name`;

const foreignKeys = `
  SELECT ${name('s.name', 't.name')} AS [table], k.name,
         (SELECT STRING_AGG(c.name, N',') WITHIN GROUP (ORDER BY f.constraint_column_id)
          FROM sys.foreign_key_columns AS f
          JOIN sys.columns AS c ON c.object_id = f.parent_object_id AND c.column_id = f.parent_column_id
          WHERE f.constraint_object_id = k.object_id) AS columns
  FROM sys.foreign_keys AS k JOIN sys.tables AS t ON t.object_id = k.parent_object_id
  JOIN sys.schemas AS s ON s.schema_id = t.schema_id ORDER BY [table], k.name`;

const switchedOff = `
  SELECT broken.kind, broken.name, ${name('s.name', 't.name')} AS [table]
  FROM (
    SELECT 'constraint' AS kind, name, parent_object_id FROM sys.foreign_keys WHERE is_disabled = 1 OR is_not_trusted = 1
    UNION ALL
    SELECT 'constraint', name, parent_object_id FROM sys.check_constraints WHERE is_disabled = 1 OR is_not_trusted = 1
    UNION ALL
    SELECT 'trigger', name, parent_id FROM sys.triggers WHERE is_disabled = 1 AND parent_id <> 0
    UNION ALL
    SELECT 'index', name, object_id FROM sys.indexes WHERE is_disabled = 1
  ) AS broken JOIN sys.tables AS t ON t.object_id = broken.parent_object_id JOIN sys.schemas AS s ON s.schema_id = t.schema_id
  ORDER BY broken.kind, broken.name`;

/** A policy holds for everybody, the owner too, once it is on. */
const rowSecurity = `
  SELECT ${name('s.name', 'p.name')} AS name, p.is_enabled AS isOn, CONVERT(bit, 1) AS isForced,
         (SELECT COUNT(*) FROM sys.security_predicates AS r WHERE r.object_id = p.object_id) AS policies
  FROM sys.security_policies AS p JOIN sys.schemas AS s ON s.schema_id = p.schema_id ORDER BY name`;

/** What a server is asked, by list. */
export const statements: Readonly<Record<string, string>> = {
  ...{ principals, memberships, grants, objects, routines, reads, tables },
  ...{ indexes, foreignKeys, switchedOff, rowSecurity },
};

type Row = Readonly<Record<string, unknown>>;
const split = (text: unknown): string[] => (typeof text === 'string' && text !== '' ? text.split(',') : []);

const indexOf = ({ keys, includes, ofIndex, ofTable, row_count, ...index }: Row) => ({
  ...index,
  keys: split(keys),
  includes: split(includes),
  uses: { ofIndex: Number(ofIndex), ofTable: Number(ofTable), rows: Number(row_count) },
});

/** Fields that come in another form than the snapshot has. */
const shaped: Readonly<Record<string, (row: Row) => unknown>> = {
  principals: (one) => ({ ...one, powers: [] }),
  indexes: indexOf,
  foreignKeys: (key) => ({ ...key, columns: split(key['columns']) }),
};

/** What the catalogue of a server with T-SQL says, on a connection (or in a transaction) of the owner of the database. */
export async function tsqlSnapshotOf(on: { request(): sql.Request }): Promise<Snapshot> {
  const found: Record<string, readonly unknown[]> = {};
  for (const [list, statement] of Object.entries(statements)) {
    const { recordset } = await on.request().query<Row>(statement);
    found[list] = recordset.map(shaped[list] ?? ((row) => row));
  }
  return { engine: 'T-SQL', owner: 'dbo', ...found } as unknown as Snapshot;
}

export const readTsql = (address: string): Promise<Snapshot> =>
  withConnection(configOf(address, 'operations', {}), tsqlSnapshotOf);
