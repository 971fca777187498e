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
SELECT image_digest, erased_at FROM imaging.ledger;
GO
CREATE PROCEDURE storage_writer.save_image
  @image_id uniqueidentifier, @owner nvarchar(4000), @source nvarchar(4000), @content_type nvarchar(4000), @bytes bigint,
  @width int, @height int, @sha256 nvarchar(4000), @correlation_id nvarchar(4000), @uploaded_at datetime2(3),
  @delete_at datetime2(3), @at datetime2(3)
AS
BEGIN
  SET NOCOUNT ON;
  EXEC imaging.put_image @status = N'stored', @image_id = @image_id, @owner = @owner, @source = @source,
    @content_type = @content_type, @bytes = @bytes, @width = @width, @height = @height, @sha256 = @sha256,
    @correlation_id = @correlation_id, @uploaded_at = @uploaded_at, @delete_at = @delete_at, @at = @at;
END;
GO
CREATE PROCEDURE storage_writer.reject_image
  @image_id uniqueidentifier, @owner nvarchar(4000), @source nvarchar(4000), @content_type nvarchar(4000) = NULL,
  @bytes bigint = NULL, @sha256 nvarchar(4000) = NULL, @correlation_id nvarchar(4000), @uploaded_at datetime2(3),
  @delete_at datetime2(3), @code nvarchar(4000), @message nvarchar(4000), @at datetime2(3)
AS
BEGIN
  SET NOCOUNT ON;
  EXEC imaging.put_image @status = N'rejected', @image_id = @image_id, @owner = @owner, @source = @source,
    @content_type = @content_type, @bytes = @bytes, @sha256 = @sha256, @correlation_id = @correlation_id, @uploaded_at = @uploaded_at,
    @delete_at = @delete_at, @code = @code, @message = @message, @at = @at;
END;
GO
CREATE PROCEDURE storage_writer.fail_image
  @image_id uniqueidentifier, @owner nvarchar(4000), @source nvarchar(4000), @correlation_id nvarchar(4000),
  @uploaded_at datetime2(3), @delete_at datetime2(3), @code nvarchar(4000), @message nvarchar(4000), @at datetime2(3)
AS
BEGIN
  SET NOCOUNT ON;
  EXEC imaging.put_image @status = N'failed', @image_id = @image_id, @owner = @owner, @source = @source,
    @correlation_id = @correlation_id, @uploaded_at = @uploaded_at, @delete_at = @delete_at, @code = @code,
    @message = @message, @at = @at;
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
  IF @known IS NULL
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
  END;
  COMMIT;
  SELECT N'saved' AS outcome, N'[' + COALESCE(@orphans, N'') + N']' AS orphaned_paths;
END;
GO
CREATE PROCEDURE storage_writer.erase_images @entries nvarchar(max) AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @list TABLE (
    n int NOT NULL PRIMARY KEY, image_id uniqueidentifier NOT NULL, kind varchar(10) NOT NULL, digest varchar(64) NOT NULL,
    blobs int NOT NULL, bytes bigint NOT NULL, lake_rows int NOT NULL, uploaded_at varchar(30) NOT NULL,
    due_at varchar(30) NOT NULL, erased_at varchar(30) NOT NULL, outcome nvarchar(10) NULL, sequence bigint NULL
  );
  DECLARE @gone TABLE (day date, source nvarchar(10), status nvarchar(10), bytes bigint);
  DECLARE @n int, @last bigint, @hash varchar(64), @digest varchar(64), @text varchar(600), @image_id uniqueidentifier;
  IF COALESCE(ISJSON(@entries), 0) = 0 THROW 51422, N'The entries are an array in JSON.', 1;

  BEGIN TRANSACTION;
  EXEC imaging.take_lock @name = N'darkroom-ledger', @mode = N'Exclusive';
  INSERT INTO @list (n, image_id, kind, digest, blobs, bytes, lake_rows, uploaded_at, due_at, erased_at)
  SELECT CONVERT(int, e.[key]) + 1, CONVERT(uniqueidentifier, JSON_VALUE(e.value, '$.imageId')),
         JSON_VALUE(e.value, '$.kind'), JSON_VALUE(e.value, '$.imageDigest'),
         CONVERT(int, JSON_VALUE(e.value, '$.blobs')), CONVERT(bigint, JSON_VALUE(e.value, '$.bytes')),
         CONVERT(int, JSON_VALUE(e.value, '$.lakeRows')), JSON_VALUE(e.value, '$.uploadedAt'),
         JSON_VALUE(e.value, '$.dueAt'), JSON_VALUE(e.value, '$.erasedAt')
  FROM OPENJSON(@entries) AS e;
  IF EXISTS (SELECT 1 FROM @list WHERE digest <> imaging.digest(image_id))
    THROW 51422, N'The digest is not that of the image.', 1;
  SELECT @last = MAX(sequence) FROM imaging.ledger;
  SELECT @hash = hash FROM imaging.ledger WHERE sequence = @last;
  SET @last = COALESCE(@last, 0);
  SET @hash = COALESCE(@hash, REPLICATE('0', 64));

  SET @n = 1;
  WHILE EXISTS (SELECT 1 FROM @list WHERE n = @n)
  BEGIN
    SELECT @image_id = image_id, @digest = digest FROM @list WHERE n = @n;
    INSERT INTO @gone (day, source, status, bytes)
    SELECT uploaded_day, source, status, COALESCE(bytes, 0) FROM imaging.images WHERE image_id = @image_id;
    DELETE FROM imaging.images WHERE image_id = @image_id;
    IF EXISTS (SELECT 1 FROM imaging.ledger WHERE image_digest = @digest)
      UPDATE @list
      SET outcome = N'exists', sequence = (SELECT l.sequence FROM imaging.ledger AS l WHERE l.image_digest = @digest)
      WHERE n = @n;
    ELSE
    BEGIN
      SET @last = @last + 1;
      SELECT @text = CONCAT(@last, '|', kind, '|', digest, '|', blobs, '|', bytes, '|', lake_rows, '|', uploaded_at, '|',
                            due_at, '|', erased_at, '|', @hash)
      FROM @list WHERE n = @n;
      INSERT INTO imaging.ledger (sequence, kind, image_digest, blobs, bytes, lake_rows, uploaded_at, due_at, erased_at,
                                  previous_hash, hash)
      SELECT @last, kind, digest, blobs, bytes, lake_rows, uploaded_at, due_at, erased_at, @hash,
             imaging.hex(HASHBYTES('SHA2_256', @text))
      FROM @list WHERE n = @n;
      SET @hash = imaging.hex(HASHBYTES('SHA2_256', @text));
      UPDATE @list SET outcome = N'erased', sequence = @last WHERE n = @n;
    END;
    SET @n = @n + 1;
  END;

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
CREATE PROCEDURE storage_writer.forget_dead_letter_payloads @claim_checks nvarchar(max) AS
BEGIN
  SET NOCOUNT ON;
  UPDATE imaging.dead_letters SET claim_check = NULL
  WHERE claim_check IN (SELECT CONVERT(nvarchar(300), value) FROM OPENJSON(@claim_checks));
END;
GO
CREATE PROCEDURE storage_writer.forget_expired_dead_letters @at datetime2(3) AS
BEGIN
  SET NOCOUNT ON;
  DECLARE @forgotten bigint;
  DELETE FROM imaging.dead_letters WHERE expires_at <= @at AND claim_check IS NULL;
  SET @forgotten = @@ROWCOUNT;
  SELECT @forgotten AS forgotten;
END;
