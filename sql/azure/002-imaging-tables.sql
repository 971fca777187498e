-- Images, what was made of them, and the proof of their erasure. `changed` rises with each change of a row, across the
-- whole database: the export's watermark. Times are UTC.

-- Who acts: what the API said for this call, or the person who signed in.
CREATE FUNCTION imaging.actor() RETURNS nvarchar(256) AS
BEGIN
  DECLARE @said nvarchar(256) = CONVERT(nvarchar(256), SESSION_CONTEXT(N'actor'));
  IF @said IS NOT NULL AND (IS_ROLEMEMBER(N'application') = 1 OR USER_NAME() = N'dbo') RETURN @said;
  RETURN COALESCE(SUSER_SNAME(), USER_NAME());
END;
GO
CREATE TABLE imaging.images (
  image_id        uniqueidentifier NOT NULL CONSTRAINT pk_images PRIMARY KEY,
  owner           nvarchar(256)    NOT NULL,
  source          nvarchar(10)     NOT NULL CONSTRAINT ck_images_source CHECK (source IN (N'http', N'kafka', N'tus')),
  status          nvarchar(10)     NOT NULL
    CONSTRAINT ck_images_status CHECK (status IN (N'stored', N'processed', N'rejected', N'failed')),
  content_type    nvarchar(100)    NULL,
  bytes           bigint           NULL CONSTRAINT ck_images_bytes CHECK (bytes >= 0),
  width           int              NULL CONSTRAINT ck_images_width CHECK (width > 0),
  height          int              NULL CONSTRAINT ck_images_height CHECK (height > 0),
  sha256          nvarchar(64)     NULL CONSTRAINT ck_images_sha256 CHECK (LEN(sha256) = 64),
  correlation_id  nvarchar(200)    NOT NULL,
  uploaded_at     datetime2(3)     NOT NULL,
  delete_at       datetime2(3)     NOT NULL,
  failure_code    nvarchar(50)     NULL,
  failure_message nvarchar(1000)   NULL,
  salt            nvarchar(32)     NOT NULL,
  uploaded_day    date             NOT NULL,
  changed         rowversion       NOT NULL,
  CONSTRAINT ck_images_uploaded_day CHECK (uploaded_day = CONVERT(date, uploaded_at)),
  CONSTRAINT ck_images_delete_at CHECK (delete_at > uploaded_at),
  CONSTRAINT ck_images_failure CHECK (
    (status IN (N'rejected', N'failed') AND failure_code IS NOT NULL)
    OR (status IN (N'stored', N'processed') AND failure_code IS NULL AND content_type IS NOT NULL
        AND bytes IS NOT NULL AND width IS NOT NULL AND height IS NOT NULL AND sha256 IS NOT NULL))
);
GO
CREATE INDEX ix_images_owner ON imaging.images (owner, uploaded_at DESC, image_id DESC);
CREATE INDEX ix_images_uploaded ON imaging.images (uploaded_at DESC, image_id DESC);
CREATE INDEX ix_images_status ON imaging.images (status, uploaded_at DESC, image_id DESC);
CREATE INDEX ix_images_due ON imaging.images (delete_at, image_id);
CREATE INDEX ix_images_changed ON imaging.images (changed, image_id);
CREATE INDEX ix_images_day ON imaging.images (uploaded_day, source) INCLUDE (status, bytes, changed);
GO
CREATE TABLE imaging.image_variants (
  image_id          uniqueidentifier NOT NULL
    CONSTRAINT fk_image_variants_image REFERENCES imaging.images (image_id) ON DELETE CASCADE,
  name              nvarchar(50)     NOT NULL,
  content_type      nvarchar(100)    NOT NULL,
  width             int              NOT NULL CONSTRAINT ck_image_variants_width CHECK (width > 0),
  height            int              NOT NULL CONSTRAINT ck_image_variants_height CHECK (height > 0),
  bytes             bigint           NOT NULL CONSTRAINT ck_image_variants_bytes CHECK (bytes > 0),
  sha256            nvarchar(64)     NOT NULL CONSTRAINT ck_image_variants_sha256 CHECK (LEN(sha256) = 64),
  path              nvarchar(300)    NOT NULL CONSTRAINT uq_image_variants_path UNIQUE,
  processor         nvarchar(100)    NOT NULL,
  processor_version nvarchar(50)     NOT NULL,
  created_at        datetime2(3)     NOT NULL,
  CONSTRAINT pk_image_variants PRIMARY KEY (image_id, name)
);
GO
CREATE INDEX ix_image_variants_processor ON imaging.image_variants (processor, processor_version);
GO
CREATE TABLE imaging.image_facts (
  image_id          uniqueidentifier NOT NULL
    CONSTRAINT fk_image_facts_image REFERENCES imaging.images (image_id) ON DELETE CASCADE,
  name              nvarchar(50)     NOT NULL,
  value             nvarchar(max)    NOT NULL,
  processor         nvarchar(100)    NOT NULL,
  processor_version nvarchar(50)     NOT NULL,
  CONSTRAINT pk_image_facts PRIMARY KEY (image_id, name)
);
GO
CREATE TABLE imaging.image_events (
  sequence bigint           NOT NULL IDENTITY(1, 1) CONSTRAINT pk_image_events PRIMARY KEY,
  image_id uniqueidentifier NOT NULL
    CONSTRAINT fk_image_events_image REFERENCES imaging.images (image_id) ON DELETE CASCADE,
  at       datetime2(3)     NOT NULL,
  event    nvarchar(20)     NOT NULL CONSTRAINT ck_image_events_event CHECK
    (event IN (N'received', N'stored', N'processed', N'reprocessed', N'rejected', N'failed', N'replayed')),
  detail   nvarchar(1000)   NULL,
  actor    nvarchar(256)    NOT NULL
);
GO
CREATE INDEX ix_image_events_image ON imaging.image_events (image_id, sequence);
GO
-- Images whose erasure has begun. From here on nothing of them may be saved; the row goes when all of it is gone and the
-- ledger says so. `blobs` are the names and bytes that were to be deleted, so that an interrupted erasure is counted right.
CREATE TABLE imaging.erasures (
  image_id    uniqueidentifier NOT NULL CONSTRAINT pk_erasures PRIMARY KEY,
  kind        nvarchar(10)     NOT NULL CONSTRAINT ck_erasures_kind CHECK (kind IN (N'retention', N'erasure', N'sweep')),
  salt        nvarchar(32)     NOT NULL,
  uploaded_at datetime2(3)     NOT NULL,
  delete_at   datetime2(3)     NOT NULL,
  blobs       nvarchar(max)    NOT NULL
);
GO
-- What is promised and what was done: that an image came, by a salted commitment, and that it is erased. Nothing in it
-- leads back to a person or an image id. Times are the texts that the leaves of the tree are made of. Texts are nvarchar,
-- as all that clients compare with are: SQL Server converts a varchar column to compare, and seeks no more.
CREATE TABLE imaging.ledger (
  entry        bigint       NOT NULL IDENTITY(1, 1) CONSTRAINT pk_ledger PRIMARY KEY,
  kind         nvarchar(10) NOT NULL
    CONSTRAINT ck_ledger_kind CHECK (kind IN (N'received', N'retention', N'erasure', N'sweep')),
  commitment   nvarchar(64) NOT NULL,
  due_at       nvarchar(30) NOT NULL,
  image_digest nvarchar(64) NULL,
  salt         nvarchar(32) NULL,
  blobs        int          NULL CONSTRAINT ck_ledger_blobs CHECK (blobs >= 0),
  bytes        bigint       NULL CONSTRAINT ck_ledger_bytes CHECK (bytes >= 0),
  lake_rows    int          NULL CONSTRAINT ck_ledger_lake_rows CHECK (lake_rows >= 0),
  uploaded_at  nvarchar(30) NULL,
  erased_at    nvarchar(30) NULL,
  signature    nvarchar(88) NULL,
  CONSTRAINT ck_ledger_erased CHECK (
    (kind = N'received' AND image_digest IS NULL AND salt IS NULL AND blobs IS NULL AND bytes IS NULL
      AND lake_rows IS NULL AND uploaded_at IS NULL AND erased_at IS NULL AND signature IS NULL)
    OR (kind <> N'received' AND image_digest IS NOT NULL AND salt IS NOT NULL AND blobs IS NOT NULL AND bytes IS NOT NULL
      AND lake_rows IS NOT NULL AND uploaded_at IS NOT NULL AND erased_at IS NOT NULL AND signature IS NOT NULL))
);
GO
CREATE UNIQUE INDEX uq_ledger_image_digest ON imaging.ledger (image_digest) WHERE image_digest IS NOT NULL;
CREATE UNIQUE INDEX uq_ledger_received ON imaging.ledger (commitment) WHERE kind = N'received';
GO
-- The place of an entry among the leaves of the Merkle tree, given to it by the next checkpoint.
CREATE TABLE imaging.ledger_leaves (
  leaf_index bigint NOT NULL CONSTRAINT pk_ledger_leaves PRIMARY KEY,
  entry      bigint NOT NULL CONSTRAINT uq_ledger_leaves_entry UNIQUE
    CONSTRAINT fk_ledger_leaves_entry REFERENCES imaging.ledger (entry)
);
GO
-- Signed heads of the tree that are stored where nobody can change them; `log` is the name of the log that they are of.
CREATE TABLE imaging.ledger_checkpoints (
  log          nvarchar(200)  NOT NULL,
  size         bigint         NOT NULL,
  note         nvarchar(1000) NOT NULL,
  published_at datetime2(3)   NOT NULL,
  CONSTRAINT pk_ledger_checkpoints PRIMARY KEY (log, size)
);
GO
-- What the daily figures keep of images that are gone.
CREATE TABLE imaging.erased_daily (
  day       date         NOT NULL,
  source    nvarchar(10) NOT NULL,
  images    bigint       NOT NULL,
  processed bigint       NOT NULL,
  rejected  bigint       NOT NULL,
  failed    bigint       NOT NULL,
  bytes     bigint       NOT NULL,
  changed   rowversion   NOT NULL,
  CONSTRAINT pk_erased_daily PRIMARY KEY (day, source)
);
GO
CREATE TABLE imaging.dead_letters (
  [partition]      nvarchar(50)     NOT NULL,
  sequence_number  bigint           NOT NULL,
  origin_hub       nvarchar(100)    NOT NULL,
  origin_partition nvarchar(50)     NOT NULL,
  origin_offset    nvarchar(50)     NOT NULL,
  stage            nvarchar(50)     NOT NULL,
  code             nvarchar(50)     NOT NULL,
  message          nvarchar(1000)   NOT NULL,
  attempts         int              NOT NULL CONSTRAINT ck_dead_letters_attempts CHECK (attempts >= 0),
  image_id         uniqueidentifier NULL,
  payload_bytes    bigint           NOT NULL CONSTRAINT ck_dead_letters_payload CHECK (payload_bytes >= 0),
  claim_check      nvarchar(300)    NULL,
  dead_at          datetime2(3)     NOT NULL,
  expires_at       datetime2(3)     NOT NULL,
  CONSTRAINT pk_dead_letters PRIMARY KEY ([partition], sequence_number)
);
GO
CREATE INDEX ix_dead_letters_dead_at ON imaging.dead_letters (dead_at DESC, [partition], sequence_number);
CREATE INDEX ix_dead_letters_image ON imaging.dead_letters (image_id) WHERE image_id IS NOT NULL;
CREATE INDEX ix_dead_letters_claim_check ON imaging.dead_letters (claim_check) WHERE claim_check IS NOT NULL;
CREATE INDEX ix_dead_letters_expires ON imaging.dead_letters (expires_at);
GO
CREATE TABLE imaging.replays (
  replay_id       bigint         NOT NULL IDENTITY(1, 1) CONSTRAINT pk_replays PRIMARY KEY,
  [partition]     nvarchar(50)   NOT NULL,
  sequence_number bigint         NOT NULL,
  actor           nvarchar(256)  NOT NULL,
  reason          nvarchar(1000) NOT NULL CONSTRAINT ck_replays_reason CHECK (LTRIM(RTRIM(reason)) <> N''),
  outcome         nvarchar(20)   NOT NULL CONSTRAINT ck_replays_outcome CHECK
    (outcome IN (N'applied', N'duplicate', N'fails-again', N'refused-erased')),
  at              datetime2(3)   NOT NULL
);
GO
CREATE INDEX ix_replays_dead_letter ON imaging.replays ([partition], sequence_number, replay_id);
