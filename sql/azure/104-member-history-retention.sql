-- needs: ledger, temporal
-- Earlier versions of a member's row hold what an erasure replaced: they end within a week, as every other copy does. As a
-- text, since DacFx reads no change of a period without the name of the history table, which only a first SET ON may give.
EXEC (N'ALTER TABLE orders.members SET (SYSTEM_VERSIONING = ON (HISTORY_RETENTION_PERIOD = 7 DAYS))');
