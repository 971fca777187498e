-- `changed` rises with each change of a row, across the database. A row may be exported once every transaction that began
-- to change something before it has ended: nothing at or above this is exported yet. An engine that is not Microsoft's
-- does not know its open transactions.
IF @@VERSION LIKE N'Microsoft SQL%'
  EXEC (N'CREATE VIEW orders.horizon AS SELECT CONVERT(bigint, MIN_ACTIVE_ROWVERSION()) AS changed');
ELSE
  EXEC (N'CREATE VIEW orders.horizon AS SELECT CONVERT(bigint, 9007199254740991) AS changed');
