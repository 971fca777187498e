-- How its sender named an image that came by Kafka: the source and id of its event, the id of its chunks, or where its record is.
ALTER TABLE imaging.images
  ADD COLUMN sender_source varchar(1024),
  ADD COLUMN sender_id     varchar(256);

-- What the sender is still to be told of its image. A row is written with the change that it tells of, and goes when the hub
-- has it.
CREATE TABLE imaging.outcomes (
  sequence      bigint         NOT NULL GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_outcomes PRIMARY KEY,
  image_id      uuid           NOT NULL,
  outcome       varchar(10)    NOT NULL CONSTRAINT ck_outcomes_outcome
    CHECK (outcome IN ('processed', 'rejected', 'failed', 'erased')),
  owner         varchar(256)   NOT NULL,
  sender_source varchar(1024),
  sender_id     varchar(256),
  code          varchar(50),
  message       varchar(1000),
  at            timestamptz(3) NOT NULL
);

-- One process at a time sends them, so that they are in the hub in their order.
CREATE TABLE imaging.outcome_lease (
  lease   smallint       NOT NULL CONSTRAINT pk_outcome_lease PRIMARY KEY CONSTRAINT ck_outcome_lease CHECK (lease = 1),
  holder  varchar(50)    NOT NULL,
  ends_at timestamptz(3) NOT NULL
);
INSERT INTO imaging.outcome_lease (lease, holder, ends_at) VALUES (1, 'nobody', '2000-01-01T00:00:00Z');
