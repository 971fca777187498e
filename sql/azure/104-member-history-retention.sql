-- needs: ledger, temporal
-- Earlier versions of a member's row hold what an erasure replaced: they end within a week, as every other copy does.
ALTER TABLE orders.members SET (SYSTEM_VERSIONING = ON (HISTORY_RETENTION_PERIOD = 7 DAYS));
