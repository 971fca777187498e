-- How its sender named an image that came by Kafka: the source and id of its event, the id of its chunks, or where its record is.
ALTER TABLE imaging.images ADD sender_source nvarchar(1024) NULL;
GO
ALTER TABLE imaging.images ADD sender_id nvarchar(256) NULL;
GO
-- What the sender is still to be told of its image. A row is written with the change that it tells of, and goes when the hub
-- has it.
CREATE TABLE imaging.outcomes (
  sequence      bigint           NOT NULL IDENTITY(1, 1) CONSTRAINT pk_outcomes PRIMARY KEY,
  image_id      uniqueidentifier NOT NULL,
  outcome       nvarchar(10)     NOT NULL CONSTRAINT ck_outcomes_outcome
    CHECK (outcome IN (N'processed', N'rejected', N'failed', N'erased')),
  owner         nvarchar(256)    NOT NULL,
  sender_source nvarchar(1024)   NULL,
  sender_id     nvarchar(256)    NULL,
  code          nvarchar(50)     NULL,
  message       nvarchar(1000)   NULL,
  at            datetime2(3)     NOT NULL
);
GO
-- One process at a time sends them, so that they are in the hub in their order.
CREATE TABLE imaging.outcome_lease (
  lease   tinyint      NOT NULL CONSTRAINT pk_outcome_lease PRIMARY KEY CONSTRAINT ck_outcome_lease CHECK (lease = 1),
  holder  nvarchar(50) NOT NULL,
  ends_at datetime2(3) NOT NULL
);
GO
INSERT INTO imaging.outcome_lease (lease, holder, ends_at) VALUES (1, N'nobody', '2000-01-01T00:00:00');
