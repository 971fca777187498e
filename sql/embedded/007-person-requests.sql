-- Who asked for what is kept of a person, or for its erasure, why, and what came of it. A member is told by the random key
-- that stays with the orders, an uploader by a salted commitment, whose salt only the receipt has.
CREATE TABLE orders.person_requests (
  sequence bigint         NOT NULL GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_person_requests PRIMARY KEY,
  at       timestamptz(3) NOT NULL,
  actor    varchar(256)   NOT NULL DEFAULT imaging.actor(),
  action   varchar(10)    NOT NULL CONSTRAINT ck_person_requests_action CHECK (action IN ('export', 'erase')),
  kind     varchar(10)    NOT NULL CONSTRAINT ck_person_requests_kind CHECK (kind IN ('uploader', 'member')),
  subject  varchar(64)    NOT NULL,
  reason   varchar(1000)  NOT NULL CONSTRAINT ck_person_requests_reason CHECK (btrim(reason) <> ''),
  result   jsonb          NOT NULL
);
CREATE INDEX ix_person_requests_subject ON orders.person_requests (subject, sequence);
