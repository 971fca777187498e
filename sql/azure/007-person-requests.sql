-- Who asked for what is kept of a person, or for its erasure, why, and what came of it. A member is told by the random key
-- that stays with the orders, an uploader by a salted commitment, whose salt only the receipt has.
CREATE TABLE orders.person_requests (
  sequence bigint         NOT NULL IDENTITY(1, 1) CONSTRAINT pk_person_requests PRIMARY KEY,
  at       datetime2(3)   NOT NULL,
  actor    nvarchar(256)  NOT NULL,
  action   nvarchar(10)   NOT NULL CONSTRAINT ck_person_requests_action CHECK (action IN (N'export', N'erase')),
  kind     nvarchar(10)   NOT NULL CONSTRAINT ck_person_requests_kind CHECK (kind IN (N'uploader', N'member')),
  subject  nvarchar(64)   NOT NULL,
  reason   nvarchar(1000) NOT NULL CONSTRAINT ck_person_requests_reason CHECK (LTRIM(RTRIM(reason)) <> N''),
  result   nvarchar(max)  NOT NULL
);
GO
CREATE INDEX ix_person_requests_subject ON orders.person_requests (subject, sequence);
