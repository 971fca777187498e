-- only: azure-sql
-- Nothing at or above this is exported yet: a transaction that began to change it, or something before it, is open.
ALTER VIEW orders.horizon AS
SELECT CONVERT(bigint, MIN_ACTIVE_ROWVERSION()) AS changed;
