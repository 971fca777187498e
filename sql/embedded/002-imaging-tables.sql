-- Images, what was made of them, and the proof of their erasure. `changed_in` is the transaction that last changed a
-- row: the export's watermark (a row may be exported once every older transaction has ended, so none is missed).

-- Who acts. Only the services' logins and the owner are believed about whom they act for; anybody else is the one
-- who signed in, whatever their session says.
CREATE FUNCTION imaging.actor() RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN CASE
  WHEN pg_has_role(session_user, 'application', 'MEMBER')
    THEN coalesce(nullif(current_setting('darkroom.actor', true), ''), session_user::text)
  ELSE session_user::text
END;

-- A character beyond the first plane is two units in UTF-16, which JavaScript and SQL Server count in.
CREATE FUNCTION imaging.utf16_length(value text) RETURNS integer LANGUAGE sql IMMUTABLE STRICT
SET search_path = pg_catalog, pg_temp
RETURN length(value) + regexp_count(value, '[\U00010000-\U0010FFFF]');

CREATE TABLE imaging.images (
  image_id        uuid           NOT NULL CONSTRAINT pk_images PRIMARY KEY,
  owner           varchar(256)   NOT NULL CONSTRAINT ck_images_owner CHECK (imaging.utf16_length(owner) <= 256),
  source          varchar(10)    NOT NULL CONSTRAINT ck_images_source CHECK (source IN ('http', 'kafka', 'tus')),
  status          varchar(10)    NOT NULL
    CONSTRAINT ck_images_status CHECK (status IN ('stored', 'processed', 'rejected', 'failed')),
  content_type    varchar(100),
  bytes           bigint         CONSTRAINT ck_images_bytes CHECK (bytes >= 0),
  width           integer        CONSTRAINT ck_images_width CHECK (width > 0),
  height          integer        CONSTRAINT ck_images_height CHECK (height > 0),
  sha256          varchar(64)    CONSTRAINT ck_images_sha256 CHECK (length(sha256) = 64),
  correlation_id  varchar(200)   NOT NULL,
  uploaded_at     timestamptz(3) NOT NULL,
  delete_at       timestamptz(3) NOT NULL,
  failure_code    varchar(50),
  failure_message varchar(1000),
  salt            varchar(32)    NOT NULL DEFAULT replace(gen_random_uuid()::text, '-', ''),
  uploaded_day    date           NOT NULL GENERATED ALWAYS AS ((uploaded_at AT TIME ZONE 'UTC')::date) STORED,
  changed_in      bigint         NOT NULL DEFAULT pg_current_xact_id()::text::bigint,
  CONSTRAINT ck_images_delete_at CHECK (delete_at > uploaded_at),
  CONSTRAINT ck_images_failure CHECK ((failure_code IS NOT NULL) = (status IN ('rejected', 'failed'))),
  CONSTRAINT ck_images_facts CHECK
    (status NOT IN ('stored', 'processed') OR num_nulls(content_type, bytes, width, height, sha256) = 0)
);
CREATE INDEX ix_images_owner ON imaging.images (owner, uploaded_at DESC, image_id DESC);
CREATE INDEX ix_images_uploaded ON imaging.images (uploaded_at DESC, image_id DESC);
CREATE INDEX ix_images_status ON imaging.images (status, uploaded_at DESC, image_id DESC);
CREATE INDEX ix_images_due ON imaging.images (delete_at, image_id);
CREATE INDEX ix_images_changed ON imaging.images (changed_in, image_id);
CREATE INDEX ix_images_day ON imaging.images (uploaded_day, source) INCLUDE (status, bytes, changed_in);

CREATE TABLE imaging.image_variants (
  image_id          uuid           NOT NULL
    CONSTRAINT fk_image_variants_image REFERENCES imaging.images ON DELETE CASCADE,
  name              varchar(50)    NOT NULL,
  content_type      varchar(100)   NOT NULL,
  width             integer        NOT NULL CONSTRAINT ck_image_variants_width CHECK (width > 0),
  height            integer        NOT NULL CONSTRAINT ck_image_variants_height CHECK (height > 0),
  bytes             bigint         NOT NULL CONSTRAINT ck_image_variants_bytes CHECK (bytes > 0),
  sha256            varchar(64)    NOT NULL CONSTRAINT ck_image_variants_sha256 CHECK (length(sha256) = 64),
  path              varchar(300)   NOT NULL CONSTRAINT uq_image_variants_path UNIQUE,
  processor         varchar(100)   NOT NULL,
  processor_version varchar(50)    NOT NULL,
  created_at        timestamptz(3) NOT NULL,
  CONSTRAINT pk_image_variants PRIMARY KEY (image_id, name)
);
CREATE INDEX ix_image_variants_processor ON imaging.image_variants (processor, processor_version);

CREATE TABLE imaging.image_facts (
  image_id          uuid         NOT NULL
    CONSTRAINT fk_image_facts_image REFERENCES imaging.images ON DELETE CASCADE,
  name              varchar(50)  NOT NULL,
  value             jsonb        NOT NULL,
  processor         varchar(100) NOT NULL,
  processor_version varchar(50)  NOT NULL,
  CONSTRAINT pk_image_facts PRIMARY KEY (image_id, name)
);

CREATE TABLE imaging.image_events (
  sequence bigint         NOT NULL GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_image_events PRIMARY KEY,
  image_id uuid           NOT NULL CONSTRAINT fk_image_events_image REFERENCES imaging.images ON DELETE CASCADE,
  at       timestamptz(3) NOT NULL,
  event    varchar(20)    NOT NULL CONSTRAINT ck_image_events_event
    CHECK (event IN ('received', 'stored', 'processed', 'reprocessed', 'rejected', 'failed', 'replayed')),
  detail   varchar(1000),
  actor    varchar(256)   NOT NULL DEFAULT imaging.actor()
);
CREATE INDEX ix_image_events_image ON imaging.image_events (image_id, sequence);

-- Images whose erasure has begun. From here on nothing of them may be saved; the row goes when all of it is gone and the
-- ledger says so. `blobs` are the names and bytes that were to be deleted, so that an interrupted erasure is counted right.
CREATE TABLE imaging.erasures (
  image_id    uuid           NOT NULL CONSTRAINT pk_erasures PRIMARY KEY,
  kind        varchar(10)    NOT NULL CONSTRAINT ck_erasures_kind CHECK (kind IN ('retention', 'erasure', 'sweep')),
  salt        varchar(32)    NOT NULL,
  uploaded_at timestamptz(3) NOT NULL,
  delete_at   timestamptz(3) NOT NULL,
  blobs       jsonb          NOT NULL DEFAULT '{}'
);

-- What is promised and what was done: that an image came, by a salted commitment, and that it is erased. Nothing in it
-- leads back to a person or an image id. Times are the texts that the leaves of the tree are made of.
CREATE TABLE imaging.ledger (
  entry        bigint      NOT NULL GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_ledger PRIMARY KEY,
  kind         varchar(10) NOT NULL
    CONSTRAINT ck_ledger_kind CHECK (kind IN ('received', 'retention', 'erasure', 'sweep')),
  commitment   varchar(64) NOT NULL,
  due_at       varchar(30) NOT NULL,
  image_digest varchar(64) CONSTRAINT uq_ledger_image_digest UNIQUE,
  salt         varchar(32),
  blobs        integer     CONSTRAINT ck_ledger_blobs CHECK (blobs >= 0),
  bytes        bigint      CONSTRAINT ck_ledger_bytes CHECK (bytes >= 0),
  lake_rows    integer     CONSTRAINT ck_ledger_lake_rows CHECK (lake_rows >= 0),
  uploaded_at  varchar(30),
  erased_at    varchar(30),
  signature    varchar(88),
  CONSTRAINT ck_ledger_erased CHECK
    (num_nulls(image_digest, salt, blobs, bytes, lake_rows, uploaded_at, erased_at, signature)
      = CASE kind WHEN 'received' THEN 8 ELSE 0 END)
);
CREATE UNIQUE INDEX uq_ledger_received ON imaging.ledger (commitment) WHERE kind = 'received';

-- The place of an entry among the leaves of the Merkle tree, given to it by the next checkpoint.
CREATE TABLE imaging.ledger_leaves (
  leaf_index bigint NOT NULL CONSTRAINT pk_ledger_leaves PRIMARY KEY,
  entry      bigint NOT NULL CONSTRAINT uq_ledger_leaves_entry UNIQUE
    CONSTRAINT fk_ledger_leaves_entry REFERENCES imaging.ledger
);

-- Signed heads of the tree that are stored where nobody can change them; `log` is the name of the log that they are of.
CREATE TABLE imaging.ledger_checkpoints (
  log          varchar(200)   NOT NULL,
  size         bigint         NOT NULL,
  note         varchar(1000)  NOT NULL,
  published_at timestamptz(3) NOT NULL,
  CONSTRAINT pk_ledger_checkpoints PRIMARY KEY (log, size)
);

-- What the daily figures keep of images that are gone.
CREATE TABLE imaging.erased_daily (
  day        date        NOT NULL,
  source     varchar(10) NOT NULL,
  images     bigint      NOT NULL,
  processed  bigint      NOT NULL,
  rejected   bigint      NOT NULL,
  failed     bigint      NOT NULL,
  bytes      bigint      NOT NULL,
  changed_in bigint      NOT NULL DEFAULT pg_current_xact_id()::text::bigint,
  CONSTRAINT pk_erased_daily PRIMARY KEY (day, source)
);

CREATE TABLE imaging.dead_letters (
  partition        varchar(50)    NOT NULL,
  sequence_number  bigint         NOT NULL,
  origin_hub       varchar(100)   NOT NULL,
  origin_partition varchar(50)    NOT NULL,
  origin_offset    varchar(50)    NOT NULL,
  stage            varchar(50)    NOT NULL,
  code             varchar(50)    NOT NULL,
  message          varchar(1000)  NOT NULL,
  attempts         integer        NOT NULL CONSTRAINT ck_dead_letters_attempts CHECK (attempts >= 0),
  image_id         uuid,
  payload_bytes    bigint         NOT NULL CONSTRAINT ck_dead_letters_payload CHECK (payload_bytes >= 0),
  claim_check      varchar(300),
  dead_at          timestamptz(3) NOT NULL,
  expires_at       timestamptz(3) NOT NULL,
  CONSTRAINT pk_dead_letters PRIMARY KEY (partition, sequence_number)
);
CREATE INDEX ix_dead_letters_dead_at ON imaging.dead_letters (dead_at DESC, partition, sequence_number);
CREATE INDEX ix_dead_letters_image ON imaging.dead_letters (image_id) WHERE image_id IS NOT NULL;
CREATE INDEX ix_dead_letters_claim_check ON imaging.dead_letters (claim_check) WHERE claim_check IS NOT NULL;
CREATE INDEX ix_dead_letters_expires ON imaging.dead_letters (expires_at);

CREATE TABLE imaging.replays (
  replay_id       bigint         NOT NULL GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_replays PRIMARY KEY,
  partition       varchar(50)    NOT NULL,
  sequence_number bigint         NOT NULL,
  actor           varchar(256)   NOT NULL DEFAULT imaging.actor(),
  reason          varchar(1000)  NOT NULL CONSTRAINT ck_replays_reason CHECK (btrim(reason) <> ''),
  outcome         varchar(20)    NOT NULL
    CONSTRAINT ck_replays_outcome CHECK (outcome IN ('applied', 'duplicate', 'fails-again', 'refused-erased')),
  at              timestamptz(3) NOT NULL
);
CREATE INDEX ix_replays_dead_letter ON imaging.replays (partition, sequence_number, replay_id);
