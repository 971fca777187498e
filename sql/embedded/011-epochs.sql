-- A database that was restored to an earlier moment goes on under ids and versions that the lake has seen with other contents. A
-- replay of the ledger, which every restore begins with, begins an epoch, and each finished export leaves its number here: by
-- either the lake tells that it has rows of a time that is gone.
CREATE TABLE orders.epochs (
  sequence bigint         NOT NULL GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_epochs PRIMARY KEY,
  epoch    uuid           NOT NULL DEFAULT gen_random_uuid() CONSTRAINT uq_epochs_epoch UNIQUE,
  actor    varchar(256)   NOT NULL DEFAULT imaging.actor(),
  at       timestamptz(3) NOT NULL
);
ALTER TABLE orders.exports ADD COLUMN run uuid;
