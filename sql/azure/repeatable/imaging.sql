-- Bytes as lower-case hexadecimal digits.
CREATE FUNCTION imaging.hex(@bytes varbinary(64)) RETURNS varchar(128) AS
BEGIN
  DECLARE @digits char(16) = '0123456789abcdef', @text varchar(128) = '', @at int = 1, @byte int;
  WHILE @at <= DATALENGTH(@bytes)
  BEGIN
    SET @byte = CONVERT(int, SUBSTRING(@bytes, @at, 1));
    SET @text = @text + SUBSTRING(@digits, @byte / 16 + 1, 1) + SUBSTRING(@digits, @byte % 16 + 1, 1);
    SET @at = @at + 1;
  END;
  RETURN @text;
END;
GO
-- An erased image is known by this digest only.
CREATE FUNCTION imaging.digest(@image_id uniqueidentifier) RETURNS varchar(64) AS
BEGIN
  DECLARE @text varchar(60) = 'darkroom-image:' + LOWER(CONVERT(varchar(36), @image_id));
  RETURN imaging.hex(HASHBYTES('SHA2_256', @text));
END;
GO
-- What the ledger says of an image when it is received: who does not know the salt cannot tell of which.
CREATE FUNCTION imaging.commitment(@salt nvarchar(32), @image_id uniqueidentifier) RETURNS varchar(64) AS
BEGIN
  DECLARE @text varchar(100) =
    'darkroom-commitment:' + CONVERT(varchar(32), @salt) + ':' + LOWER(CONVERT(varchar(36), @image_id));
  RETURN imaging.hex(HASHBYTES('SHA2_256', @text));
END;
GO
CREATE FUNCTION imaging.instant_text(@at datetime2(3)) RETURNS varchar(30) AS
BEGIN
  RETURN REPLACE(CONVERT(varchar(23), @at, 121), ' ', 'T') + 'Z';
END;
GO
-- A lock by name until the transaction ends: readers' versions do not help where two calls must agree.
CREATE PROCEDURE imaging.take_lock @name nvarchar(200), @mode nvarchar(20) AS
BEGIN
  SET NOCOUNT ON;
  DECLARE @answer int;
  EXEC @answer = sys.sp_getapplock @Resource = @name, @LockMode = @mode, @LockOwner = N'Transaction',
    @LockTimeout = 30000;
  IF @answer < 0 THROW 51503, N'The database is busy with the same thing; try again.', 1;
END;
GO
CREATE TRIGGER imaging.ledger_append_only ON imaging.ledger AFTER UPDATE, DELETE AS
BEGIN
  THROW 51409, N'The ledger is only ever added to.', 1;
END;
GO
CREATE TRIGGER imaging.ledger_leaves_append_only ON imaging.ledger_leaves AFTER UPDATE, DELETE AS
BEGIN
  THROW 51409, N'The ledger is only ever added to.', 1;
END;
GO
CREATE TRIGGER imaging.ledger_checkpoints_append_only ON imaging.ledger_checkpoints AFTER UPDATE, DELETE AS
BEGIN
  THROW 51409, N'The ledger is only ever added to.', 1;
END;
GO
-- Saving and erasing must agree on what is erased, or is being erased: savers share the ledger's lock, the eraser has it alone. Calls for
-- one image wait for each other.
CREATE FUNCTION imaging.is_erased(@image_id uniqueidentifier) RETURNS bit AS
BEGIN
  DECLARE @digest varchar(64) = imaging.digest(@image_id);
  IF EXISTS (SELECT 1 FROM imaging.erasures WHERE image_id = @image_id) RETURN 1;
  IF EXISTS (SELECT 1 FROM imaging.ledger WHERE image_digest = @digest) RETURN 1;
  RETURN 0;
END;
GO
CREATE PROCEDURE imaging.lock_image @image_id uniqueidentifier AS
BEGIN
  SET NOCOUNT ON;
  DECLARE @name nvarchar(200) = N'darkroom-image-' + CONVERT(nvarchar(36), @image_id);
  EXEC imaging.take_lock @name = @name, @mode = N'Exclusive';
  EXEC imaging.take_lock @name = N'darkroom-ledger', @mode = N'Shared';
END;
GO
CREATE PROCEDURE imaging.add_event
  @image_id uniqueidentifier, @at datetime2(3), @event nvarchar(20), @detail nvarchar(1000)
AS
BEGIN
  SET NOCOUNT ON;
  INSERT INTO imaging.image_events (image_id, at, event, detail, actor)
  VALUES (@image_id, @at, @event, @detail, imaging.actor());
END;
GO
-- LEFT would cut by characters, of which some take two of a column's units; CONVERT cuts by units.
-- Notes for the sender what became of its image; over HTTP the sender asks. Called while the image is locked, so that the
-- sequence is the order in which things came about.
CREATE PROCEDURE imaging.note_outcome
  @image_id uniqueidentifier, @outcome nvarchar(10), @code nvarchar(4000), @message nvarchar(4000), @at datetime2(3)
AS
BEGIN
  SET NOCOUNT ON;
  INSERT INTO imaging.outcomes (image_id, outcome, owner, sender_source, sender_id, code, message, at)
  SELECT image_id, @outcome, owner, sender_source, sender_id, @code, CONVERT(nvarchar(1000), @message), @at
  FROM imaging.images WHERE image_id = @image_id AND source = N'kafka';
END;
GO
-- Puts an image into a status that is not `processed`. Processed and rejected are final; a failed image may be stored
-- after all, or turn out to be no image, when it is replayed.
CREATE PROCEDURE imaging.put_image
  @status nvarchar(10), @image_id uniqueidentifier, @owner nvarchar(4000), @source nvarchar(4000),
  @content_type nvarchar(4000) = NULL, @bytes bigint = NULL, @width int = NULL, @height int = NULL,
  @sha256 nvarchar(4000) = NULL, @correlation_id nvarchar(4000), @uploaded_at datetime2(3), @delete_at datetime2(3),
  @code nvarchar(4000) = NULL, @message nvarchar(4000) = NULL, @at datetime2(3), @sender_source nvarchar(4000) = NULL,
  @sender_id nvarchar(4000) = NULL,
  @file_name nvarchar(4000) = NULL
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @outcome nvarchar(10) = N'created', @known nvarchar(10), @known_owner nvarchar(256), @known_sha256 nvarchar(64);
  DECLARE @salt nvarchar(32) = LOWER(REPLACE(CONVERT(nvarchar(36), NEWID()), N'-', N''));
  BEGIN TRANSACTION;
  EXEC imaging.lock_image @image_id = @image_id;
  SELECT @known = status, @known_owner = owner, @known_sha256 = sha256 FROM imaging.images WHERE image_id = @image_id;
  IF imaging.is_erased(@image_id) = 1
    SET @outcome = N'erased';
  -- A producer's id that came before from another owner, or with other bytes that got their answer.
  ELSE IF @source = N'kafka' AND @known_owner <> @owner COLLATE Latin1_General_100_BIN2 OR @known <> N'failed' AND @known_sha256 <> @sha256
    SET @outcome = N'reused';
  ELSE IF @known IS NULL
  BEGIN
    INSERT INTO imaging.images (image_id, owner, source, status, content_type, bytes, width, height, sha256, correlation_id,
                                uploaded_at, uploaded_day, delete_at, failure_code, failure_message, salt,
                                sender_source, sender_id, file_name)
    VALUES (@image_id, @owner, @source, @status, @content_type, @bytes, @width, @height, @sha256, @correlation_id,
            @uploaded_at, CONVERT(date, @uploaded_at), @delete_at, @code, CONVERT(nvarchar(1000), @message), @salt,
            @sender_source, @sender_id, @file_name);
    INSERT INTO imaging.ledger (kind, commitment, due_at)
    VALUES (N'received', imaging.commitment(@salt, @image_id), imaging.instant_text(@delete_at));
    EXEC imaging.add_event @image_id = @image_id, @at = @uploaded_at, @event = N'received', @detail = @source;
  END
  ELSE IF @known = N'failed' AND @status <> N'failed' OR @known = N'stored' AND @status <> N'stored'
    UPDATE imaging.images
    SET status = @status, failure_code = @code, failure_message = CONVERT(nvarchar(1000), @message),
        content_type = COALESCE(@content_type, content_type), bytes = COALESCE(@bytes, bytes),
        width = COALESCE(@width, width), height = COALESCE(@height, height), sha256 = COALESCE(@sha256, sha256),
        file_name = COALESCE(@file_name, file_name)
    WHERE image_id = @image_id;
  ELSE
    SET @outcome = N'exists';
  IF @outcome = N'created'
    EXEC imaging.add_event @image_id = @image_id, @at = @at, @event = @status, @detail = @code;
  IF @outcome = N'created' AND @status <> N'stored'
    EXEC imaging.note_outcome @image_id = @image_id, @outcome = @status, @code = @code, @message = @message, @at = @at;
  COMMIT;
  SELECT @outcome AS outcome;
END;
GO
-- Images that live, and what is kept of those that are gone. Both carry their watermark, for the warehouse.
CREATE VIEW imaging.images_daily AS
SELECT day, source, SUM(images) AS images, SUM(processed) AS processed, SUM(rejected) AS rejected, SUM(failed) AS failed,
       SUM(bytes) AS bytes, MAX(changed) AS changed
FROM (
  SELECT uploaded_day AS day, source, COUNT_BIG(*) AS images,
         SUM(CONVERT(bigint, CASE WHEN status = N'processed' THEN 1 ELSE 0 END)) AS processed,
         SUM(CONVERT(bigint, CASE WHEN status = N'rejected' THEN 1 ELSE 0 END)) AS rejected,
         SUM(CONVERT(bigint, CASE WHEN status = N'failed' THEN 1 ELSE 0 END)) AS failed,
         SUM(COALESCE(bytes, 0)) AS bytes, MAX(CONVERT(bigint, changed)) AS changed
  FROM imaging.images
  GROUP BY uploaded_day, source
  UNION ALL
  SELECT day, source, images, processed, rejected, failed, bytes, CONVERT(bigint, changed) FROM imaging.erased_daily
) AS parts
GROUP BY day, source;
