-- What engineers, and the product itself, did to the readers of the hubs: never changed, the latest of each topic holds.
CREATE TABLE imaging.reader_changes (
  change_id bigint         NOT NULL IDENTITY(1, 1) CONSTRAINT pk_reader_changes PRIMARY KEY,
  hub       nvarchar(100)  NOT NULL,
  topic     nvarchar(20)   NOT NULL
    CONSTRAINT ck_reader_changes_topic CHECK (topic IN (N'pause', N'rerun', N'limit', N'position', N'log')),
  action    nvarchar(20)   NOT NULL,
  actor     nvarchar(256)  NOT NULL,
  reason    nvarchar(1000) NOT NULL CONSTRAINT ck_reader_changes_reason CHECK (LTRIM(RTRIM(reason)) <> N''),
  detail    nvarchar(max)  NULL,
  at        datetime2(3)   NOT NULL
);
GO
CREATE INDEX ix_reader_changes_latest ON imaging.reader_changes (hub, topic, change_id);
