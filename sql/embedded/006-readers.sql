-- What engineers, and the product itself, did to the readers of the hubs: never changed, the latest of each topic holds.
CREATE TABLE imaging.reader_changes (
  change_id bigint         NOT NULL GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_reader_changes PRIMARY KEY,
  hub       varchar(100)   NOT NULL,
  topic     varchar(20)    NOT NULL
    CONSTRAINT ck_reader_changes_topic CHECK (topic IN ('pause', 'rerun', 'limit', 'position', 'log')),
  action    varchar(20)    NOT NULL,
  actor     varchar(256)   NOT NULL DEFAULT imaging.actor(),
  reason    varchar(1000)  NOT NULL CONSTRAINT ck_reader_changes_reason CHECK (btrim(reason) <> ''),
  detail    jsonb,
  at        timestamptz(3) NOT NULL
);
CREATE INDEX ix_reader_changes_latest ON imaging.reader_changes (hub, topic, change_id);
