-- needs: ledger, temporal
-- Earlier versions of a member's row hold what an erasure replaced: they end within a week, as every other copy does. Off
-- and on: a history table is named only where versioning begins.
ALTER TABLE orders.members SET (SYSTEM_VERSIONING = OFF);
GO
ALTER TABLE orders.members SET
  (SYSTEM_VERSIONING = ON (HISTORY_TABLE = orders.members_system_history, HISTORY_RETENTION_PERIOD = 7 DAYS));
