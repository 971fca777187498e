CREATE VIEW storage_writer.images AS
SELECT image_id, owner, source, status, content_type, bytes, width, height, sha256, correlation_id, uploaded_at,
       delete_at, failure_code, failure_message
FROM imaging.images;
GO
CREATE VIEW storage_writer.image_variants AS
SELECT image_id, name, content_type, width, height, bytes, sha256, path, processor, processor_version, created_at
FROM imaging.image_variants;
GO
CREATE VIEW storage_writer.dead_letter_payloads AS
SELECT [partition], sequence_number, image_id, claim_check, expires_at
FROM imaging.dead_letters
WHERE claim_check IS NOT NULL;
GO
CREATE VIEW storage_writer.erased AS
SELECT image_digest, erased_at FROM imaging.ledger WHERE kind <> N'received';
GO
CREATE VIEW storage_writer.erasures AS
SELECT image_id, kind, uploaded_at, delete_at FROM imaging.erasures;
GO
CREATE VIEW storage_writer.ledger AS
SELECT l.entry, leaf.leaf_index, l.kind, l.commitment, l.due_at, l.image_digest, l.salt, l.blobs, l.bytes, l.lake_rows,
       l.uploaded_at, l.erased_at, l.signature
FROM imaging.ledger_leaves AS leaf JOIN imaging.ledger AS l ON l.entry = leaf.entry;
GO
-- Entries that the next checkpoint gives a place.
CREATE VIEW storage_writer.ledger_waiting AS
SELECT l.entry, CONVERT(bigint, NULL) AS leaf_index, l.kind, l.commitment, l.due_at, l.image_digest, l.salt, l.blobs, l.bytes,
       l.lake_rows, l.uploaded_at, l.erased_at, l.signature
FROM imaging.ledger AS l WHERE l.entry > COALESCE((SELECT MAX(entry) FROM imaging.ledger_leaves), 0);
GO
CREATE VIEW storage_writer.ledger_checkpoints AS
SELECT log, size, note, published_at FROM imaging.ledger_checkpoints;
GO
-- Which readers pause, and what each skips.
CREATE VIEW storage_writer.reader_states AS
SELECT hub, topic, action, detail, at FROM imaging.reader_changes
WHERE change_id IN (SELECT MAX(change_id) FROM imaging.reader_changes GROUP BY hub, topic);
GO
CREATE PROCEDURE storage_writer.save_image
  @image_id uniqueidentifier, @owner nvarchar(4000), @source nvarchar(4000), @content_type nvarchar(4000), @bytes bigint,
  @width int, @height int, @sha256 nvarchar(4000), @correlation_id nvarchar(4000), @uploaded_at datetime2(3),
  @delete_at datetime2(3), @at datetime2(3), @sender_source nvarchar(4000) = NULL, @sender_id nvarchar(4000) = NULL,
  @file_name nvarchar(4000) = NULL
AS
BEGIN
  SET NOCOUNT ON;
  EXEC imaging.put_image @status = N'stored', @image_id = @image_id, @owner = @owner, @source = @source,
    @content_type = @content_type, @bytes = @bytes, @width = @width, @height = @height, @sha256 = @sha256,
    @correlation_id = @correlation_id, @uploaded_at = @uploaded_at, @delete_at = @delete_at, @at = @at,
    @sender_source = @sender_source, @sender_id = @sender_id, @file_name = @file_name;
END;
GO
CREATE PROCEDURE storage_writer.reject_image
  @image_id uniqueidentifier, @owner nvarchar(4000), @source nvarchar(4000), @content_type nvarchar(4000) = NULL,
  @bytes bigint = NULL, @sha256 nvarchar(4000) = NULL, @correlation_id nvarchar(4000), @uploaded_at datetime2(3),
  @delete_at datetime2(3), @code nvarchar(4000), @message nvarchar(4000), @at datetime2(3),
  @sender_source nvarchar(4000) = NULL, @sender_id nvarchar(4000) = NULL,
  @file_name nvarchar(4000) = NULL
AS
BEGIN
  SET NOCOUNT ON;
  EXEC imaging.put_image @status = N'rejected', @image_id = @image_id, @owner = @owner, @source = @source,
    @content_type = @content_type, @bytes = @bytes, @sha256 = @sha256, @correlation_id = @correlation_id, @uploaded_at = @uploaded_at,
    @delete_at = @delete_at, @code = @code, @message = @message, @at = @at, @sender_source = @sender_source,
    @sender_id = @sender_id, @file_name = @file_name;
END;
GO
CREATE PROCEDURE storage_writer.fail_image
  @image_id uniqueidentifier, @owner nvarchar(4000), @source nvarchar(4000), @correlation_id nvarchar(4000),
  @uploaded_at datetime2(3), @delete_at datetime2(3), @code nvarchar(4000), @message nvarchar(4000), @at datetime2(3),
  @sender_source nvarchar(4000) = NULL, @sender_id nvarchar(4000) = NULL,
  @file_name nvarchar(4000) = NULL
AS
BEGIN
  SET NOCOUNT ON;
  EXEC imaging.put_image @status = N'failed', @image_id = @image_id, @owner = @owner, @source = @source,
    @correlation_id = @correlation_id, @uploaded_at = @uploaded_at, @delete_at = @delete_at, @code = @code,
    @message = @message, @at = @at, @sender_source = @sender_source, @sender_id = @sender_id, @file_name = @file_name;
END;
GO
CREATE PROCEDURE storage_writer.save_variants
  @image_id uniqueidentifier, @variants nvarchar(max), @facts nvarchar(max), @at datetime2(3)
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @known nvarchar(10), @orphans nvarchar(max), @same bit = 0;
  DECLARE @new TABLE (
    name nvarchar(50) NOT NULL PRIMARY KEY, content_type nvarchar(100) NOT NULL, width int NOT NULL, height int NOT NULL,
    bytes bigint NOT NULL, sha256 nvarchar(64) NOT NULL, path nvarchar(300) NOT NULL, processor nvarchar(100) NOT NULL,
    processor_version nvarchar(50) NOT NULL
  );
  IF COALESCE(ISJSON(@variants), 0) = 0 OR COALESCE(ISJSON(@facts), 0) = 0
    THROW 51422, N'Variants and facts are arrays in JSON.', 1;
  BEGIN TRANSACTION;
  EXEC imaging.lock_image @image_id = @image_id;
  SELECT @known = status FROM imaging.images WHERE image_id = @image_id;
  IF @known IS NULL OR imaging.is_erased(@image_id) = 1
  BEGIN
    COMMIT;
    SELECT CASE WHEN imaging.is_erased(@image_id) = 1 THEN N'erased' ELSE N'missing' END AS outcome,
           N'[]' AS orphaned_paths;
    RETURN;
  END;
  IF @known = N'rejected' THROW 51409, N'The image was rejected, so it has no variants.', 1;

  INSERT INTO @new (name, content_type, width, height, bytes, sha256, path, processor, processor_version)
  SELECT name, content_type, width, height, bytes, sha256, path, processor, processor_version
  FROM OPENJSON(@variants) WITH (
    name nvarchar(50) '$.name', content_type nvarchar(100) '$.contentType', width int '$.width', height int '$.height',
    bytes bigint '$.bytes', sha256 nvarchar(64) '$.sha256', path nvarchar(300) '$.path',
    processor nvarchar(100) '$.processor', processor_version nvarchar(50) '$.processorVersion');
  -- Paths are made of ids and names of variants: nothing in them needs an escape.
  SELECT @orphans = STRING_AGG(CONVERT(nvarchar(max), N'"' + old.path + N'"'), N',')
  FROM imaging.image_variants AS old
  WHERE old.image_id = @image_id AND NOT EXISTS (SELECT 1 FROM @new AS n WHERE n.path = old.path);
  IF NOT EXISTS (
    SELECT name, sha256, processor_version FROM imaging.image_variants WHERE image_id = @image_id
    EXCEPT SELECT name, sha256, processor_version FROM @new)
  AND NOT EXISTS (
    SELECT name, sha256, processor_version FROM @new
    EXCEPT SELECT name, sha256, processor_version FROM imaging.image_variants WHERE image_id = @image_id)
    SET @same = 1;

  DELETE FROM imaging.image_variants WHERE image_id = @image_id;
  DELETE FROM imaging.image_facts WHERE image_id = @image_id;
  INSERT INTO imaging.image_variants (image_id, name, content_type, width, height, bytes, sha256, path, processor,
                                      processor_version, created_at)
  SELECT @image_id, name, content_type, width, height, bytes, sha256, path, processor, processor_version, @at FROM @new;
  INSERT INTO imaging.image_facts (image_id, name, value, processor, processor_version)
  SELECT @image_id, JSON_VALUE(f.value, '$.name'),
         COALESCE(JSON_QUERY(f.value, '$.value'), v.text, N'null'),
         JSON_VALUE(f.value, '$.processor'), JSON_VALUE(f.value, '$.processorVersion')
  FROM OPENJSON(@facts) AS f
  -- A scalar keeps its type: texts in quotes, numbers and truth values bare.
  OUTER APPLY (
    SELECT CASE m.type WHEN 1 THEN N'"' + STRING_ESCAPE(m.value, N'json') + N'"' ELSE m.value END AS text
    FROM OPENJSON(f.value) AS m WHERE m.[key] = N'value'
  ) AS v;

  -- A redelivery makes the same variants again: that is no event.
  IF @known <> N'processed' OR @same = 0
  BEGIN
    DECLARE @event nvarchar(20) = CASE WHEN @known = N'processed' THEN N'reprocessed' ELSE N'processed' END;
    UPDATE imaging.images SET status = N'processed', failure_code = NULL, failure_message = NULL
    WHERE image_id = @image_id;
    EXEC imaging.add_event @image_id = @image_id, @at = @at, @event = @event, @detail = NULL;
    IF @event = N'processed'
      EXEC imaging.note_outcome @image_id = @image_id, @outcome = @event, @code = NULL, @message = NULL, @at = @at;
  END;
  COMMIT;
  SELECT N'saved' AS outcome, N'[' + COALESCE(@orphans, N'') + N']' AS orphaned_paths;
END;
GO
-- From here on nothing of these images can be saved. Answers each one's salt and every blob that this erasure, begun
-- before perhaps, found of it.
CREATE PROCEDURE storage_writer.begin_erasures @images nvarchar(max) AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @given TABLE (
    image_id uniqueidentifier NOT NULL PRIMARY KEY, kind nvarchar(10) NOT NULL, uploaded_at datetime2(3) NOT NULL,
    delete_at datetime2(3) NOT NULL, blobs nvarchar(max) NOT NULL
  );
  IF COALESCE(ISJSON(@images), 0) = 0 THROW 51422, N'The images are an array in JSON.', 1;
  BEGIN TRANSACTION;
  EXEC imaging.take_lock @name = N'darkroom-ledger', @mode = N'Exclusive';
  INSERT INTO @given (image_id, kind, uploaded_at, delete_at, blobs)
  SELECT CONVERT(uniqueidentifier, JSON_VALUE(g.value, '$.imageId')), MIN(JSON_VALUE(g.value, '$.kind')),
         MIN(CONVERT(datetime2(3), LEFT(JSON_VALUE(g.value, '$.uploadedAt'), 23), 126)),
         MIN(CONVERT(datetime2(3), LEFT(JSON_VALUE(g.value, '$.deleteAt'), 23), 126)),
         MIN(COALESCE(JSON_QUERY(g.value, '$.blobs'), N'{}'))
  FROM OPENJSON(@images) AS g
  GROUP BY CONVERT(uniqueidentifier, JSON_VALUE(g.value, '$.imageId'));
  -- Names of blobs are made of ids and names of variants: nothing in them needs an escape.
  UPDATE e
  SET blobs = N'{' + COALESCE((
    SELECT STRING_AGG(CONVERT(nvarchar(max), N'"' + b.name + N'":' + b.bytes), N',')
    FROM (
      SELECT n.[key] COLLATE DATABASE_DEFAULT AS name, n.value COLLATE DATABASE_DEFAULT AS bytes FROM OPENJSON(g.blobs) AS n
      UNION ALL
      SELECT o.[key] COLLATE DATABASE_DEFAULT, o.value COLLATE DATABASE_DEFAULT FROM OPENJSON(e.blobs) AS o
      WHERE NOT EXISTS (
        SELECT 1 FROM OPENJSON(g.blobs) AS n
        WHERE n.[key] COLLATE DATABASE_DEFAULT = o.[key] COLLATE DATABASE_DEFAULT)
    ) AS b), N'') + N'}'
  FROM imaging.erasures AS e JOIN @given AS g ON g.image_id = e.image_id;
  INSERT INTO imaging.erasures (image_id, kind, salt, uploaded_at, delete_at, blobs)
  SELECT g.image_id, g.kind, COALESCE(i.salt, LOWER(REPLACE(CONVERT(nvarchar(36), NEWID()), N'-', N''))),
         g.uploaded_at, g.delete_at, g.blobs
  FROM @given AS g
  LEFT JOIN imaging.images AS i ON i.image_id = g.image_id
  WHERE NOT EXISTS (SELECT 1 FROM imaging.erasures AS e WHERE e.image_id = g.image_id);
  COMMIT;
  SELECT e.image_id, e.salt, e.blobs
  FROM imaging.erasures AS e JOIN @given AS g ON g.image_id = e.image_id;
END;
GO
-- The end of an erasure: all of the image is gone but its rows.
CREATE PROCEDURE storage_writer.erase_images @entries nvarchar(max) AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @list TABLE (
    n int NOT NULL PRIMARY KEY, image_id uniqueidentifier NOT NULL, digest nvarchar(64) NOT NULL, kind nvarchar(10) NOT NULL,
    salt nvarchar(32) NOT NULL, blobs int NOT NULL, bytes bigint NOT NULL, lake_rows int NOT NULL,
    uploaded_at nvarchar(30) NOT NULL, due_at nvarchar(30) NOT NULL, erased_at nvarchar(30) NOT NULL,
    signature nvarchar(88) NOT NULL, outcome nvarchar(10) NOT NULL, sequence bigint NULL
  );
  DECLARE @gone TABLE (day date, source nvarchar(10), status nvarchar(10), bytes bigint);
  IF COALESCE(ISJSON(@entries), 0) = 0 THROW 51422, N'The entries are an array in JSON.', 1;

  BEGIN TRANSACTION;
  EXEC imaging.take_lock @name = N'darkroom-ledger', @mode = N'Exclusive';
  INSERT INTO @list (n, image_id, digest, kind, salt, blobs, bytes, lake_rows, uploaded_at, due_at, erased_at, signature,
                     outcome)
  SELECT CONVERT(int, e.[key]) + 1, i.image_id, imaging.digest(i.image_id), JSON_VALUE(e.value, '$.kind'),
         JSON_VALUE(e.value, '$.salt'), CONVERT(int, JSON_VALUE(e.value, '$.blobs')),
         CONVERT(bigint, JSON_VALUE(e.value, '$.bytes')), CONVERT(int, JSON_VALUE(e.value, '$.lakeRows')),
         JSON_VALUE(e.value, '$.uploadedAt'), JSON_VALUE(e.value, '$.dueAt'), JSON_VALUE(e.value, '$.erasedAt'),
         JSON_VALUE(e.value, '$.signature'), N'exists'
  FROM OPENJSON(@entries) AS e
  CROSS APPLY (SELECT CONVERT(uniqueidentifier, JSON_VALUE(e.value, '$.imageId')) AS image_id) AS i;

  INSERT INTO @gone (day, source, status, bytes)
  SELECT uploaded_day, source, status, COALESCE(bytes, 0) FROM imaging.images
  WHERE image_id IN (SELECT image_id FROM @list);
  DELETE r FROM imaging.replays AS r
  JOIN imaging.dead_letters AS d ON d.[partition] = r.[partition] AND d.sequence_number = r.sequence_number
  WHERE d.image_id IN (SELECT image_id FROM @list);
  DELETE FROM imaging.dead_letters WHERE image_id IN (SELECT image_id FROM @list);
  DELETE FROM imaging.erasures WHERE image_id IN (SELECT image_id FROM @list);
  INSERT INTO imaging.outcomes (image_id, outcome, owner, sender_source, sender_id, code, at)
  SELECT i.image_id, N'erased', i.owner, i.sender_source, i.sender_id, one.kind,
         CONVERT(datetime2(3), LEFT(one.erased_at, 23), 126)
  FROM imaging.images AS i JOIN @list AS one ON one.image_id = i.image_id
  WHERE i.source = N'kafka' AND NOT EXISTS (SELECT 1 FROM @list AS earlier WHERE earlier.image_id = one.image_id AND earlier.n < one.n)
  ORDER BY one.n;
  DELETE FROM imaging.images WHERE image_id IN (SELECT image_id FROM @list);

  -- Of an id that is given twice, the first entry counts.
  UPDATE one SET outcome = N'erased'
  FROM @list AS one
  WHERE NOT EXISTS (SELECT 1 FROM imaging.ledger AS l WHERE l.image_digest = one.digest)
    AND NOT EXISTS (SELECT 1 FROM @list AS earlier WHERE earlier.image_id = one.image_id AND earlier.n < one.n);
  INSERT INTO imaging.ledger (kind, commitment, due_at, image_digest, salt, blobs, bytes, lake_rows, uploaded_at, erased_at,
                              signature)
  SELECT kind, imaging.commitment(salt, image_id), due_at, digest, salt, blobs, bytes, lake_rows, uploaded_at, erased_at,
         signature
  FROM @list WHERE outcome = N'erased' ORDER BY n;
  UPDATE one SET sequence = l.entry
  FROM @list AS one JOIN imaging.ledger AS l ON l.image_digest = one.digest;

  UPDATE d
  SET images = d.images + g.images, processed = d.processed + g.processed, rejected = d.rejected + g.rejected,
      failed = d.failed + g.failed, bytes = d.bytes + g.bytes
  FROM imaging.erased_daily AS d
  JOIN (
    SELECT day, source, COUNT_BIG(*) AS images, SUM(CASE WHEN status = N'processed' THEN 1 ELSE 0 END) AS processed,
           SUM(CASE WHEN status = N'rejected' THEN 1 ELSE 0 END) AS rejected,
           SUM(CASE WHEN status = N'failed' THEN 1 ELSE 0 END) AS failed, SUM(bytes) AS bytes
    FROM @gone GROUP BY day, source
  ) AS g ON g.day = d.day AND g.source = d.source;
  INSERT INTO imaging.erased_daily (day, source, images, processed, rejected, failed, bytes)
  SELECT g.day, g.source, COUNT_BIG(*), SUM(CASE WHEN g.status = N'processed' THEN 1 ELSE 0 END),
         SUM(CASE WHEN g.status = N'rejected' THEN 1 ELSE 0 END), SUM(CASE WHEN g.status = N'failed' THEN 1 ELSE 0 END),
         SUM(g.bytes)
  FROM @gone AS g
  WHERE NOT EXISTS (SELECT 1 FROM imaging.erased_daily AS d WHERE d.day = g.day AND d.source = g.source)
  GROUP BY g.day, g.source;
  COMMIT;
  SELECT image_id, outcome, sequence FROM @list ORDER BY n;
END;
GO
-- What is to be sent next, in its order, to the process that has the lease; nothing to any other. Forgets first what that
-- process has sent, and all of an image that was erased a day ago: its key stays no longer here than it would in the hub.
CREATE PROCEDURE storage_writer.take_outcomes @holder nvarchar(50), @sent nvarchar(max), @at datetime2(3) AS
BEGIN
  SET NOCOUNT ON;
  DECLARE @limit int = 500;
  IF COALESCE(ISJSON(@sent), 0) = 0 THROW 51422, N'What was sent is an array in JSON.', 1;
  DELETE FROM imaging.outcomes
  WHERE sequence IN (SELECT CONVERT(bigint, value) FROM OPENJSON(@sent))
     OR image_id IN (SELECT image_id FROM imaging.outcomes WHERE outcome = N'erased' AND at < DATEADD(day, -1, @at));
  UPDATE imaging.outcome_lease SET holder = @holder, ends_at = DATEADD(minute, 1, SYSUTCDATETIME())
  WHERE (holder = @holder OR ends_at <= SYSUTCDATETIME()) AND EXISTS (SELECT 1 FROM imaging.outcomes);
  IF @@ROWCOUNT = 0
  BEGIN
    SET @limit = 0;
    UPDATE imaging.outcome_lease SET ends_at = SYSUTCDATETIME() WHERE holder = @holder AND ends_at > SYSUTCDATETIME();
  END;
  SELECT TOP (@limit) sequence, image_id, outcome, owner, sender_source, sender_id, code, message, at,
         (SELECT MAX(e.at) FROM orders.epochs AS e) AS epoch_at
  FROM imaging.outcomes ORDER BY sequence;
END;
GO
-- Gives every entry that has none its place among the leaves. With the ledger locked no writer is under way, so entries are
-- complete up to the last one.
CREATE PROCEDURE storage_writer.sequence_ledger AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @next bigint, @last bigint;
  BEGIN TRANSACTION;
  EXEC imaging.take_lock @name = N'darkroom-ledger', @mode = N'Exclusive';
  SELECT @next = MAX(leaf_index) + 1 FROM imaging.ledger_leaves;
  SELECT @last = entry FROM imaging.ledger_leaves WHERE leaf_index = @next - 1;
  INSERT INTO imaging.ledger_leaves (leaf_index, entry)
  SELECT COALESCE(@next, 0) + ROW_NUMBER() OVER (ORDER BY entry) - 1, entry
  FROM imaging.ledger WHERE entry > COALESCE(@last, 0);
  COMMIT;
  SELECT COALESCE(MAX(leaf_index) + 1, 0) AS size FROM imaging.ledger_leaves;
END;
GO
CREATE PROCEDURE storage_writer.record_checkpoint @log nvarchar(200), @size bigint, @note nvarchar(4000), @at datetime2(3) AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @outcome nvarchar(10) = N'exists';
  BEGIN TRANSACTION;
  EXEC imaging.take_lock @name = N'darkroom-checkpoint', @mode = N'Exclusive';
  IF NOT EXISTS (SELECT 1 FROM imaging.ledger_checkpoints WHERE log = @log AND size = @size)
  BEGIN
    INSERT INTO imaging.ledger_checkpoints (log, size, note, published_at) VALUES (@log, @size, @note, @at);
    SET @outcome = N'created';
  END;
  COMMIT;
  SELECT @outcome AS outcome;
END;
GO
CREATE PROCEDURE storage_writer.forget_dead_letter_payloads @claim_checks nvarchar(max) AS
BEGIN
  SET NOCOUNT ON;
  UPDATE imaging.dead_letters SET claim_check = NULL
  WHERE claim_check IN (SELECT CONVERT(nvarchar(300), value) FROM OPENJSON(@claim_checks));
END;
GO
-- One that was discarded stays as long as its image, which would else be taken for one that nobody decided on.
CREATE PROCEDURE storage_writer.forget_expired_dead_letters @at datetime2(3) AS
BEGIN
  SET NOCOUNT ON;
  DECLARE @forgotten bigint;
  DELETE FROM d
  FROM imaging.dead_letters AS d
  WHERE d.expires_at <= @at AND d.claim_check IS NULL AND NOT (
    EXISTS (SELECT 1 FROM imaging.images AS i WHERE i.image_id = d.image_id)
    AND EXISTS (SELECT 1 FROM imaging.replays AS r WHERE r.[partition] = d.[partition]
                AND r.sequence_number = d.sequence_number AND r.outcome = N'discarded'));
  SET @forgotten = @@ROWCOUNT;
  SELECT @forgotten AS forgotten;
END;
GO
-- After a restore. Exports that follow write the lake anew.
CREATE PROCEDURE storage_writer.begin_epoch @at datetime2(3) AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  INSERT INTO orders.epochs (actor, at)
  OUTPUT inserted.epoch
  VALUES (imaging.actor(), @at);
END;
