CREATE VIEW operations.images AS
SELECT image_id, owner, source, status, content_type, bytes, width, height, sha256, correlation_id, uploaded_at,
       delete_at, failure_code, failure_message
FROM imaging.images;
GO
CREATE VIEW operations.image_counts AS
SELECT status, source, COUNT_BIG(*) AS images, COALESCE(SUM(bytes), 0) AS bytes, MIN(uploaded_at) AS oldest
FROM imaging.images
GROUP BY status, source;
GO
-- A processor may make facts and no file, and its versions count too. Facts are saved with the variants, at their time.
CREATE VIEW operations.processors AS
SELECT processor, processor_version, COUNT_BIG(DISTINCT image_id) AS images, MAX(created_at) AS last_at
FROM (
  SELECT image_id, processor, processor_version, created_at FROM imaging.image_variants
  UNION ALL
  SELECT f.image_id, f.processor, f.processor_version, COALESCE(v.saved_at, i.uploaded_at)
  FROM imaging.image_facts AS f
  JOIN imaging.images AS i ON i.image_id = f.image_id
  LEFT JOIN (SELECT image_id, MAX(created_at) AS saved_at FROM imaging.image_variants GROUP BY image_id) AS v
    ON v.image_id = f.image_id
) AS work
GROUP BY processor, processor_version;
GO
CREATE VIEW operations.dead_letters AS
SELECT d.[partition], d.sequence_number, d.origin_hub, d.origin_partition, d.origin_offset, d.stage, d.code, d.message,
       d.attempts, d.image_id, d.payload_bytes, d.claim_check, d.dead_at, d.expires_at,
       COALESCE(r.replays, 0) AS replays, l.outcome AS last_outcome
FROM imaging.dead_letters AS d
LEFT JOIN (
  SELECT [partition], sequence_number, COUNT(*) AS replays, MAX(replay_id) AS last_id
  FROM imaging.replays GROUP BY [partition], sequence_number
) AS r ON r.[partition] = d.[partition] AND r.sequence_number = d.sequence_number
LEFT JOIN imaging.replays AS l ON l.replay_id = r.last_id;
GO
-- Open is what nobody replayed with success, found to be done, or discarded.
CREATE VIEW operations.dead_letter_counts AS
SELECT code, stage, origin_hub, day, is_open, COUNT_BIG(*) AS dead_letters,
       COUNT_BIG(DISTINCT image_id) + COUNT_BIG(CASE WHEN image_id IS NULL THEN 1 END) AS images,
       MIN(dead_at) AS first_at, MAX(dead_at) AS last_at
FROM (
  SELECT code, stage, origin_hub, CONVERT(date, dead_at) AS day, dead_at, image_id,
         CONVERT(bit, CASE WHEN COALESCE(last_outcome, N'fails-again') = N'fails-again' THEN 1 ELSE 0 END) AS is_open
  FROM operations.dead_letters
) AS d
GROUP BY code, stage, origin_hub, day, is_open;
GO
-- What waits and no dead letter speaks of: images that are not processed, since their last event (a dead letter that was replayed
-- speaks no more), and erasures, since they were due or began.
CREATE VIEW operations.unfinished_images AS
SELECT i.image_id, i.status AS state, i.source, i.failure_code, i.uploaded_at,
       CONVERT(datetime2(3), COALESCE(
         (SELECT MAX(e.at) FROM imaging.image_events AS e WHERE e.image_id = i.image_id), i.uploaded_at)) AS since
FROM imaging.images AS i
WHERE i.status IN (N'stored', N'failed')
  AND NOT EXISTS (SELECT 1 FROM operations.dead_letters AS d
                  WHERE d.image_id = i.image_id AND COALESCE(d.last_outcome, N'') <> N'applied')
UNION ALL
SELECT e.image_id, N'erasure', NULL, NULL, e.uploaded_at, CASE e.kind WHEN N'retention' THEN e.delete_at ELSE e.begun_at END
FROM imaging.erasures AS e
UNION ALL
SELECT i.image_id, N'erasure', i.source, NULL, i.uploaded_at, i.delete_at
FROM imaging.images AS i
WHERE NOT EXISTS (SELECT 1 FROM imaging.erasures AS e WHERE e.image_id = i.image_id);
GO
-- What senders have not been told yet.
CREATE VIEW operations.waiting_outcomes AS
SELECT COUNT_BIG(*) AS outcomes, MIN(at) AS oldest FROM imaging.outcomes;
GO
CREATE VIEW operations.replays AS
SELECT replay_id, [partition], sequence_number, actor, reason, outcome, at FROM imaging.replays;
GO
CREATE VIEW operations.purges AS
SELECT l.entry AS sequence, leaf.leaf_index, l.kind, l.commitment, l.image_digest, l.blobs, l.bytes, l.lake_rows,
       l.uploaded_at, l.due_at, l.erased_at
FROM imaging.ledger AS l LEFT JOIN imaging.ledger_leaves AS leaf ON leaf.entry = l.entry
WHERE l.kind <> N'received';
GO
CREATE VIEW operations.ledger AS
SELECT l.entry, leaf.leaf_index, l.kind, l.commitment, l.due_at, l.image_digest, l.salt, l.blobs, l.bytes, l.lake_rows,
       l.uploaded_at, l.erased_at, l.signature
FROM imaging.ledger AS l LEFT JOIN imaging.ledger_leaves AS leaf ON leaf.entry = l.entry;
GO
-- Images that are here, as the ledger knows them: each must be in it as received, and none as erased.
CREATE VIEW operations.commitments AS
SELECT image_id, imaging.commitment(salt, image_id) AS commitment, imaging.digest(image_id) AS image_digest
FROM imaging.images;
GO
CREATE VIEW operations.erased AS
SELECT image_digest, erased_at FROM imaging.ledger WHERE kind <> N'received';
GO
CREATE PROCEDURE operations.record_dead_letter
  @partition nvarchar(4000), @sequence_number bigint, @origin_hub nvarchar(4000), @origin_partition nvarchar(4000),
  @origin_offset nvarchar(4000), @stage nvarchar(4000), @code nvarchar(4000), @message nvarchar(4000), @attempts int,
  @image_id uniqueidentifier = NULL, @payload_bytes bigint, @claim_check nvarchar(4000) = NULL, @dead_at datetime2(3),
  @expires_at datetime2(3)
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @outcome nvarchar(10) = N'exists';
  DECLARE @name nvarchar(200) = CONCAT(N'darkroom-dead-letter-', CONVERT(nvarchar(50), @partition), N'-', @sequence_number);
  BEGIN TRANSACTION;
  EXEC imaging.take_lock @name = @name, @mode = N'Exclusive';
  IF NOT EXISTS (SELECT 1 FROM imaging.dead_letters WHERE [partition] = @partition AND sequence_number = @sequence_number)
  BEGIN
    INSERT INTO imaging.dead_letters ([partition], sequence_number, origin_hub, origin_partition, origin_offset, stage,
                                      code, message, attempts, image_id, payload_bytes, claim_check, dead_at, expires_at)
    VALUES (@partition, @sequence_number, @origin_hub, @origin_partition, @origin_offset, @stage, @code,
            CONVERT(nvarchar(1000), @message), @attempts, @image_id, @payload_bytes, @claim_check, @dead_at, @expires_at);
    SET @outcome = N'created';
  END;
  COMMIT;
  SELECT @outcome AS outcome;
END;
GO
CREATE PROCEDURE operations.record_replay
  @partition nvarchar(4000), @sequence_number bigint, @reason nvarchar(4000), @outcome nvarchar(4000), @at datetime2(3)
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @replay_id bigint, @image_id uniqueidentifier;
  IF NOT EXISTS (SELECT 1 FROM imaging.dead_letters WHERE [partition] = @partition AND sequence_number = @sequence_number)
    THROW 51404, N'There is no such dead letter.', 1;
  IF @outcome = N'applied'
    SELECT @image_id = image_id FROM imaging.dead_letters
    WHERE [partition] = @partition AND sequence_number = @sequence_number;
  BEGIN TRANSACTION;
  -- An erasure waits, so that the event finds its image, or neither is there.
  IF @image_id IS NOT NULL EXEC imaging.lock_image @image_id = @image_id;
  INSERT INTO imaging.replays ([partition], sequence_number, actor, reason, outcome, at)
  VALUES (@partition, @sequence_number, imaging.actor(), @reason, @outcome, @at);
  SET @replay_id = SCOPE_IDENTITY();
  IF EXISTS (SELECT 1 FROM imaging.images WHERE image_id = @image_id)
    EXEC imaging.add_event @image_id = @image_id, @at = @at, @event = N'replayed', @detail = @reason;
  COMMIT;
  SELECT @replay_id AS replay_id;
END;
GO
CREATE VIEW operations.reader_changes AS
SELECT change_id, hub, topic, action, actor, reason, detail, at FROM imaging.reader_changes;
GO
-- The latest of each topic.
CREATE VIEW operations.reader_states AS
SELECT hub, topic, action, actor, reason, detail, at FROM imaging.reader_changes
WHERE change_id IN (SELECT MAX(change_id) FROM imaging.reader_changes GROUP BY hub, topic);
GO
CREATE PROCEDURE operations.record_reader_change
  @hub nvarchar(4000), @topic nvarchar(4000), @action nvarchar(4000), @reason nvarchar(4000), @at datetime2(3),
  @detail nvarchar(max) = NULL
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  INSERT INTO imaging.reader_changes (hub, topic, action, actor, reason, detail, at)
  VALUES (@hub, @topic, @action, imaging.actor(), @reason, @detail, @at);
  SELECT CONVERT(bigint, SCOPE_IDENTITY()) AS change_id;
END;
GO
CREATE VIEW operations.history AS
SELECT sequence, at, actor, entity, entity_id, action, before, after, reason FROM orders.history;
GO
CREATE VIEW operations.exports AS
SELECT table_name, watermark, [rows], files, bytes, exported_at FROM orders.exports;
GO
CREATE VIEW operations.migrations AS
SELECT name, checksum, applied_at, applied_by FROM deployment.migrations;
GO
-- Groups, identities and logins, by the role that they are members of; seen with VIEW DEFINITION (101).
CREATE VIEW operations.role_members AS
SELECT CONVERT(nvarchar(128), r.name) COLLATE DATABASE_DEFAULT AS role_name,
       CONVERT(nvarchar(128), m.name) COLLATE DATABASE_DEFAULT AS member_name
FROM sys.database_role_members AS a
JOIN sys.database_principals AS r ON r.principal_id = a.role_principal_id
JOIN sys.database_principals AS m ON m.principal_id = a.member_principal_id
WHERE r.is_fixed_role = 0;
GO
-- Who may do what, as the catalogue of the server has it: a grant to the role or to public, on the object, one of its
-- columns, its schema or the database, and no denial on any of them but a column. A right to one column of a thing is a
-- right to the thing. Seeing other roles' grants takes VIEW DEFINITION (101). Names in the catalogue have a collation of
-- its own.
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
   AND p.permission_name COLLATE DATABASE_DEFAULT IN (UPPER(v.verb), N'CONTROL')
   AND ((p.class = 0) OR (p.class = 3 AND p.major_id = t.schema_id)
     OR (p.class = 1 AND p.major_id = t.object_id AND (p.minor_id = 0 OR p.state <> 'D')))
)
SELECT CONVERT(nvarchar(128), r.name) COLLATE DATABASE_DEFAULT AS role_name,
       CONVERT(nvarchar(128), t.schema_name) COLLATE DATABASE_DEFAULT AS schema_name,
       CONVERT(nvarchar(128), t.object_name) COLLATE DATABASE_DEFAULT AS object_name, CONVERT(nvarchar(10), t.kind) AS kind,
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
