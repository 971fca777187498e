-- Members, products and transactions. Money is decimal(19,4), weight decimal(12,3) in kilograms, days are of UTC.
-- Prices and weights of the time of sale stay with the items, so a corrected product rewrites no history.
CREATE TABLE orders.members (
  member_id     bigint           NOT NULL IDENTITY(1, 1) CONSTRAINT pk_members PRIMARY KEY,
  -- What leaves for the warehouse instead of anything personal.
  member_key    uniqueidentifier NOT NULL CONSTRAINT df_members_member_key DEFAULT NEWID()
    CONSTRAINT uq_members_member_key UNIQUE,
  name          nvarchar(200)    NOT NULL CONSTRAINT ck_members_name CHECK (LTRIM(RTRIM(name)) <> N''),
  email         nvarchar(320)    NOT NULL CONSTRAINT ck_members_email CHECK (email LIKE N'%_@_%')
    CONSTRAINT uq_members_email UNIQUE,
  date_of_birth date             NOT NULL CONSTRAINT ck_members_date_of_birth CHECK (date_of_birth >= '1900-01-01'),
  mobile        nvarchar(30)     NOT NULL CONSTRAINT ck_members_mobile CHECK (LTRIM(RTRIM(mobile)) <> N''),
  membership    nvarchar(20)     NOT NULL
    CONSTRAINT ck_members_membership CHECK (membership IN (N'standard', N'plus', N'professional')),
  status        nvarchar(20)     NOT NULL
    CONSTRAINT ck_members_status CHECK (status IN (N'active', N'suspended', N'ended')),
  status_reason nvarchar(1000)   NULL,
  joined_at     datetime2(3)     NOT NULL,
  created_by    nvarchar(256)    NOT NULL,
  changed_at    datetime2(3)     NOT NULL,
  changed_by    nvarchar(256)    NOT NULL,
  row_version   int              NOT NULL CONSTRAINT df_members_row_version DEFAULT 1
);
GO
CREATE TABLE orders.member_history (
  member_id  bigint         NOT NULL CONSTRAINT fk_member_history_member REFERENCES orders.members (member_id),
  version    int            NOT NULL,
  membership nvarchar(20)   NOT NULL,
  status     nvarchar(20)   NOT NULL,
  reason     nvarchar(1000) NULL,
  actor      nvarchar(256)  NOT NULL,
  valid_from datetime2(3)   NOT NULL,
  valid_to   datetime2(3)   NULL,
  changed    rowversion     NOT NULL,
  CONSTRAINT pk_member_history PRIMARY KEY (member_id, version)
);
GO
CREATE UNIQUE INDEX uq_member_history_current ON orders.member_history (member_id) WHERE valid_to IS NULL;
CREATE INDEX ix_member_history_changed ON orders.member_history (changed);
GO
CREATE TABLE orders.products (
  product_id   bigint         NOT NULL IDENTITY(1, 1) CONSTRAINT pk_products PRIMARY KEY,
  name         nvarchar(200)  NOT NULL CONSTRAINT ck_products_name CHECK (LTRIM(RTRIM(name)) <> N''),
  manufacturer nvarchar(200)  NOT NULL CONSTRAINT ck_products_manufacturer CHECK (LTRIM(RTRIM(manufacturer)) <> N''),
  cost         decimal(19, 4) NOT NULL CONSTRAINT ck_products_cost CHECK (cost >= 0),
  weight       decimal(12, 3) NOT NULL CONSTRAINT ck_products_weight CHECK (weight >= 0),
  is_active    bit            NOT NULL CONSTRAINT df_products_is_active DEFAULT 1,
  created_at   datetime2(3)   NOT NULL CONSTRAINT df_products_created_at DEFAULT SYSUTCDATETIME(),
  created_by   nvarchar(256)  NOT NULL,
  changed_at   datetime2(3)   NOT NULL CONSTRAINT df_products_changed_at DEFAULT SYSUTCDATETIME(),
  changed_by   nvarchar(256)  NOT NULL,
  retired_at   datetime2(3)   NULL,
  retired_by   nvarchar(256)  NULL,
  row_version  int            NOT NULL CONSTRAINT df_products_row_version DEFAULT 1,
  CONSTRAINT uq_products_name UNIQUE (name, manufacturer),
  CONSTRAINT ck_products_retired CHECK ((is_active = 1 AND retired_at IS NULL AND retired_by IS NULL)
    OR (is_active = 0 AND retired_at IS NOT NULL AND retired_by IS NOT NULL))
);
GO
CREATE INDEX ix_products_active ON orders.products (is_active, name, product_id);
GO
CREATE TABLE orders.product_history (
  product_id   bigint         NOT NULL CONSTRAINT fk_product_history_product REFERENCES orders.products (product_id),
  version      int            NOT NULL,
  name         nvarchar(200)  NOT NULL,
  manufacturer nvarchar(200)  NOT NULL,
  cost         decimal(19, 4) NOT NULL,
  weight       decimal(12, 3) NOT NULL,
  is_active    bit            NOT NULL,
  actor        nvarchar(256)  NOT NULL,
  valid_from   datetime2(3)   NOT NULL,
  valid_to     datetime2(3)   NULL,
  changed      rowversion     NOT NULL,
  CONSTRAINT pk_product_history PRIMARY KEY (product_id, version)
);
GO
CREATE UNIQUE INDEX uq_product_history_current ON orders.product_history (product_id) WHERE valid_to IS NULL;
CREATE INDEX ix_product_history_changed ON orders.product_history (changed);
GO
CREATE TABLE orders.transactions (
  transaction_id bigint         NOT NULL IDENTITY(1, 1) CONSTRAINT pk_transactions PRIMARY KEY,
  member_id      bigint         NOT NULL CONSTRAINT fk_transactions_member REFERENCES orders.members (member_id),
  -- The buyer's own name for the request: sent twice, it is one order. Two that differ in case are two.
  request_key    nvarchar(100)  COLLATE Latin1_General_100_BIN2 NOT NULL,
  membership     nvarchar(20)   NOT NULL,
  status         nvarchar(20)   NOT NULL CONSTRAINT df_transactions_status DEFAULT N'pending'
    CONSTRAINT ck_transactions_status CHECK (status IN (N'pending', N'completed', N'cancelled')),
  line_count     int            NOT NULL CONSTRAINT ck_transactions_line_count CHECK (line_count > 0),
  quantity       int            NOT NULL CONSTRAINT ck_transactions_quantity CHECK (quantity > 0),
  total_price    decimal(19, 4) NOT NULL CONSTRAINT ck_transactions_total_price CHECK (total_price >= 0),
  total_weight   decimal(12, 3) NOT NULL CONSTRAINT ck_transactions_total_weight CHECK (total_weight >= 0),
  placed_at      datetime2(3)   NOT NULL,
  placed_day     date           NOT NULL,
  placed_by      nvarchar(256)  NOT NULL,
  completed_at   datetime2(3)   NULL,
  completed_by   nvarchar(256)  NULL,
  cancelled_at   datetime2(3)   NULL,
  cancelled_by   nvarchar(256)  NULL,
  reopen_reason  nvarchar(1000) NULL,
  row_version    int            NOT NULL CONSTRAINT df_transactions_row_version DEFAULT 1,
  changed        rowversion     NOT NULL,
  CONSTRAINT uq_transactions_request UNIQUE (member_id, request_key),
  CONSTRAINT ck_transactions_placed_day CHECK (placed_day = CONVERT(date, placed_at)),
  CONSTRAINT ck_transactions_completed CHECK
    ((status = N'completed' AND completed_at IS NOT NULL AND completed_by IS NOT NULL)
      OR (status <> N'completed' AND completed_at IS NULL AND completed_by IS NULL)),
  CONSTRAINT ck_transactions_cancelled CHECK
    ((status = N'cancelled' AND cancelled_at IS NOT NULL AND cancelled_by IS NOT NULL)
      OR (status <> N'cancelled' AND cancelled_at IS NULL AND cancelled_by IS NULL))
);
GO
-- Also for what is pending on a day, by transaction_id, which ends every index: SQL Server would not use a filtered one
-- where the status is a parameter.
CREATE INDEX ix_transactions_day ON orders.transactions (placed_day, status)
  INCLUDE (membership, quantity, total_price, total_weight);
CREATE INDEX ix_transactions_changed ON orders.transactions (changed);
-- Lists of all days, by when orders were placed and by weight: a page is read from the index, not sorted out of all orders.
CREATE INDEX ix_transactions_placed ON orders.transactions (placed_at, transaction_id);
CREATE INDEX ix_transactions_weight ON orders.transactions (total_weight, transaction_id);
GO
CREATE TABLE orders.transaction_items (
  transaction_id  bigint         NOT NULL
    CONSTRAINT fk_transaction_items_transaction REFERENCES orders.transactions (transaction_id),
  line            int            NOT NULL CONSTRAINT ck_transaction_items_line CHECK (line > 0),
  product_id      bigint         NOT NULL CONSTRAINT fk_transaction_items_product REFERENCES orders.products (product_id),
  product_version int            NOT NULL,
  quantity        int            NOT NULL CONSTRAINT ck_transaction_items_quantity CHECK (quantity > 0),
  unit_price      decimal(19, 4) NOT NULL CONSTRAINT ck_transaction_items_unit_price CHECK (unit_price >= 0),
  unit_weight     decimal(12, 3) NOT NULL CONSTRAINT ck_transaction_items_unit_weight CHECK (unit_weight >= 0),
  CONSTRAINT pk_transaction_items PRIMARY KEY (transaction_id, line),
  CONSTRAINT uq_transaction_items_product UNIQUE (transaction_id, product_id),
  CONSTRAINT fk_transaction_items_version FOREIGN KEY (product_id, product_version)
    REFERENCES orders.product_history (product_id, version)
);
GO
CREATE INDEX ix_transaction_items_product ON orders.transaction_items (product_id, product_version);
GO
-- Every change of an order or a product, by whatever way it came.
CREATE TABLE orders.history (
  sequence  bigint         NOT NULL IDENTITY(1, 1) CONSTRAINT pk_history PRIMARY KEY,
  at        datetime2(3)   NOT NULL CONSTRAINT df_history_at DEFAULT SYSUTCDATETIME(),
  actor     nvarchar(256)  NOT NULL,
  entity    nvarchar(10)   NOT NULL CONSTRAINT ck_history_entity CHECK (entity IN (N'order', N'product')),
  entity_id bigint         NOT NULL,
  action    nvarchar(20)   NOT NULL,
  before    nvarchar(max)  NULL,
  after     nvarchar(max)  NULL,
  reason    nvarchar(1000) NULL
);
GO
CREATE INDEX ix_history_entity ON orders.history (entity, entity_id, sequence);
CREATE INDEX ix_history_at ON orders.history (at, sequence);
GO
CREATE TABLE orders.calendar (
  day          date NOT NULL CONSTRAINT pk_calendar PRIMARY KEY,
  year         int  NOT NULL,
  quarter      int  NOT NULL,
  month        int  NOT NULL,
  day_of_month int  NOT NULL,
  iso_year     int  NOT NULL,
  iso_week     int  NOT NULL,
  weekday      int  NOT NULL
);
GO
-- Monday is 1 whatever DATEFIRST says: 1900-01-01 was a Monday. An ISO week belongs to the year of its Thursday.
WITH days AS (
  SELECT CONVERT(date, '2015-01-01') AS day
  UNION ALL
  SELECT DATEADD(day, 1, day) FROM days WHERE day < '2049-12-31'
)
INSERT INTO orders.calendar (day, year, quarter, month, day_of_month, iso_year, iso_week, weekday)
SELECT day, DATEPART(year, day), DATEPART(quarter, day), DATEPART(month, day), DATEPART(day, day),
       DATEPART(year, DATEADD(day, 3 - DATEDIFF(day, '1900-01-01', day) % 7, day)), DATEPART(iso_week, day),
       DATEDIFF(day, '1900-01-01', day) % 7 + 1
FROM days
OPTION (MAXRECURSION 0);
GO
CREATE TABLE orders.exports (
  table_name  nvarchar(50) NOT NULL CONSTRAINT pk_exports PRIMARY KEY,
  watermark   bigint       NOT NULL,
  [rows]      bigint       NOT NULL,
  files       int          NOT NULL,
  bytes       bigint       NOT NULL,
  exported_at datetime2(3) NOT NULL
);
