-- A database that was restored to an earlier moment goes on under ids and versions that the lake has seen with other contents. A
-- replay of the ledger, which every restore begins with, begins an epoch, and each finished export leaves its number here: by
-- either the lake tells that it has rows of a time that is gone.
CREATE TABLE orders.epochs (
  sequence bigint           NOT NULL IDENTITY(1, 1) CONSTRAINT pk_epochs PRIMARY KEY,
  epoch    uniqueidentifier NOT NULL CONSTRAINT df_epochs_epoch DEFAULT NEWID() CONSTRAINT uq_epochs_epoch UNIQUE,
  actor    nvarchar(256)    NOT NULL,
  at       datetime2(3)     NOT NULL
);
GO
ALTER TABLE orders.exports ADD run uniqueidentifier NULL;
