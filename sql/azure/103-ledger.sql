-- needs: ledger, temporal
-- The server's own tamper evidence beside orders.history: a ledger of status changes that not even the owner can rewrite
-- unseen (sys.sp_verify_database_ledger), and system-versioned members and products. Rows that are there already begin a
-- second ago: rounded to milliseconds, now may lie in the future, which a period refuses.
CREATE TABLE orders.status_ledger (
  transaction_id bigint        NOT NULL,
  status         nvarchar(20)  NOT NULL,
  row_version    int           NOT NULL,
  actor          nvarchar(256) NOT NULL,
  at             datetime2(3)  NOT NULL
) WITH (LEDGER = ON (APPEND_ONLY = ON));
GO
ALTER TABLE orders.products ADD
  system_from datetime2(3) GENERATED ALWAYS AS ROW START HIDDEN NOT NULL
    CONSTRAINT df_products_system_from DEFAULT DATEADD(second, -1, SYSUTCDATETIME()),
  system_to datetime2(3) GENERATED ALWAYS AS ROW END HIDDEN NOT NULL
    CONSTRAINT df_products_system_to DEFAULT CONVERT(datetime2(3), '9999-12-31 23:59:59.999'),
  PERIOD FOR SYSTEM_TIME (system_from, system_to);
GO
ALTER TABLE orders.products SET (SYSTEM_VERSIONING = ON (HISTORY_TABLE = orders.products_system_history));
GO
ALTER TABLE orders.members ADD
  system_from datetime2(3) GENERATED ALWAYS AS ROW START HIDDEN NOT NULL
    CONSTRAINT df_members_system_from DEFAULT DATEADD(second, -1, SYSUTCDATETIME()),
  system_to datetime2(3) GENERATED ALWAYS AS ROW END HIDDEN NOT NULL
    CONSTRAINT df_members_system_to DEFAULT CONVERT(datetime2(3), '9999-12-31 23:59:59.999'),
  PERIOD FOR SYSTEM_TIME (system_from, system_to);
GO
ALTER TABLE orders.members SET (SYSTEM_VERSIONING = ON (HISTORY_TABLE = orders.members_system_history));
