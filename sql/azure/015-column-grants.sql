-- Who may do what, as the catalogue of the server has it: a grant to the role or to public, on the object, one of its
-- columns, its schema or the database, and no denial on any of them but a column. A right to one column of a thing is a
-- right to the thing. Seeing other roles' grants takes VIEW DEFINITION (102).
DROP VIEW operations.rights;
GO
CREATE VIEW operations.rights AS
WITH roles AS (
  SELECT principal_id, name FROM sys.database_principals
  WHERE type = 'R' AND is_fixed_role = 0 AND name NOT IN (N'public', N'application')
), things AS (
  SELECT o.object_id, o.schema_id, s.name AS schema_name, o.name AS object_name,
         CASE o.type WHEN 'V' THEN N'view' WHEN 'U' THEN N'table' ELSE N'procedure' END AS kind
  FROM sys.objects AS o JOIN sys.schemas AS s ON s.schema_id = o.schema_id
  WHERE o.type IN ('U', 'V', 'P', 'FN', 'IF', 'TF') AND o.is_ms_shipped = 0
), verbs AS (
  SELECT N'view' AS kind, v.verb FROM (VALUES (N'select'), (N'insert'), (N'update'), (N'delete')) AS v (verb)
  UNION ALL
  SELECT N'table', v.verb FROM (VALUES (N'select'), (N'insert'), (N'update'), (N'delete')) AS v (verb)
  UNION ALL
  SELECT N'procedure', N'execute'
), found AS (
  SELECT r.principal_id, t.object_id, v.verb, p.state
  FROM roles AS r
  CROSS JOIN things AS t
  JOIN verbs AS v ON v.kind = t.kind
  JOIN sys.database_permissions AS p
    ON p.grantee_principal_id IN (r.principal_id, DATABASE_PRINCIPAL_ID(N'public'))
   AND p.permission_name IN (UPPER(v.verb), N'CONTROL')
   AND ((p.class = 0) OR (p.class = 3 AND p.major_id = t.schema_id)
     OR (p.class = 1 AND p.major_id = t.object_id AND (p.minor_id = 0 OR p.state <> 'D')))
)
SELECT CONVERT(nvarchar(128), r.name) AS role_name, CONVERT(nvarchar(128), t.schema_name) AS schema_name,
       CONVERT(nvarchar(128), t.object_name) AS object_name, CONVERT(nvarchar(10), t.kind) AS kind,
       CONVERT(nvarchar(10), v.verb) AS verb,
       CONVERT(bit, CASE
         WHEN EXISTS (SELECT 1 FROM found AS f WHERE f.principal_id = r.principal_id AND f.object_id = t.object_id
                      AND f.verb = v.verb AND f.state = 'D') THEN 0
         WHEN EXISTS (SELECT 1 FROM found AS f WHERE f.principal_id = r.principal_id AND f.object_id = t.object_id
                      AND f.verb = v.verb AND f.state IN ('G', 'W')) THEN 1
         ELSE 0 END) AS allowed
FROM roles AS r
CROSS JOIN things AS t
JOIN verbs AS v ON v.kind = t.kind;
