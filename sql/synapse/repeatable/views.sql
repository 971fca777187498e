-- Made from shared/lake/schema.ts by `node infra/warehouse/generate.ts`; a test holds that it is current.
-- A filter on partition_year, partition_month and partition_day (text, padded) opens no other file.
CREATE OR ALTER VIEW warehouse.[dim_date] AS
SELECT r.*
FROM OPENROWSET(BULK 'dim_date/dim_date.parquet', DATA_SOURCE = 'lake', FORMAT = 'PARQUET') WITH (
  [day] date, [year] int, [quarter] int, [month] int, [day_of_month] int, [iso_year] int, [iso_week] int, [weekday] int,
  [is_weekend] bit, [changed] bigint
) AS r;
GO
CREATE OR ALTER VIEW warehouse.[dim_product] AS
SELECT r.*
FROM OPENROWSET(BULK 'dim_product/dim_product.parquet', DATA_SOURCE = 'lake', FORMAT = 'PARQUET') WITH (
  [product_key] varchar(40) COLLATE Latin1_General_100_BIN2_UTF8, [product_id] bigint, [version] int,
  [name] varchar(800) COLLATE Latin1_General_100_BIN2_UTF8,
  [manufacturer] varchar(800) COLLATE Latin1_General_100_BIN2_UTF8, [cost] decimal(19,4), [weight] decimal(12,3),
  [is_active] bit, [valid_from] datetime2(3), [valid_to] datetime2(3), [is_current] bit, [changed] bigint
) AS r;
GO
CREATE OR ALTER VIEW warehouse.[dim_member] AS
SELECT r.*
FROM OPENROWSET(BULK 'dim_member/dim_member.parquet', DATA_SOURCE = 'lake', FORMAT = 'PARQUET') WITH (
  [member_key] varchar(36) COLLATE Latin1_General_100_BIN2_UTF8, [version] int,
  [membership] varchar(20) COLLATE Latin1_General_100_BIN2_UTF8,
  [status] varchar(20) COLLATE Latin1_General_100_BIN2_UTF8, [joined_on] date, [valid_from] datetime2(3),
  [valid_to] datetime2(3), [is_current] bit, [changed] bigint
) AS r;
GO
CREATE OR ALTER VIEW warehouse.[fact_sales] AS
SELECT r.*, r.filepath(1) AS [partition_year], r.filepath(2) AS [partition_month], r.filepath(3) AS [partition_day]
FROM OPENROWSET(BULK 'fact_sales/year=*/month=*/day=*/fact_sales.parquet', DATA_SOURCE = 'lake', FORMAT = 'PARQUET') WITH (
  [order_id] bigint, [line] int, [day] date, [placed_at] datetime2(3),
  [status] varchar(20) COLLATE Latin1_General_100_BIN2_UTF8, [product_id] bigint,
  [product_key] varchar(40) COLLATE Latin1_General_100_BIN2_UTF8,
  [member_key] varchar(36) COLLATE Latin1_General_100_BIN2_UTF8,
  [membership] varchar(20) COLLATE Latin1_General_100_BIN2_UTF8, [quantity] int, [unit_price] decimal(19,4),
  [unit_weight] decimal(12,3), [price] decimal(19,4), [weight] decimal(12,3), [changed] bigint
) AS r;
GO
CREATE OR ALTER VIEW warehouse.[fact_transactions] AS
SELECT r.*, r.filepath(1) AS [partition_year], r.filepath(2) AS [partition_month], r.filepath(3) AS [partition_day]
FROM OPENROWSET(BULK 'fact_transactions/year=*/month=*/day=*/fact_transactions.parquet', DATA_SOURCE = 'lake', FORMAT = 'PARQUET') WITH (
  [order_id] bigint, [day] date, [placed_at] datetime2(3), [completed_at] datetime2(3), [cancelled_at] datetime2(3),
  [status] varchar(20) COLLATE Latin1_General_100_BIN2_UTF8,
  [member_key] varchar(36) COLLATE Latin1_General_100_BIN2_UTF8,
  [membership] varchar(20) COLLATE Latin1_General_100_BIN2_UTF8, [lines] int, [quantity] int,
  [total_price] decimal(19,4), [total_weight] decimal(12,3), [changed] bigint
) AS r;
GO
CREATE OR ALTER VIEW warehouse.[agg_images_daily] AS
SELECT r.*
FROM OPENROWSET(BULK 'agg_images_daily/agg_images_daily.parquet', DATA_SOURCE = 'lake', FORMAT = 'PARQUET') WITH (
  [day] date, [source] varchar(10) COLLATE Latin1_General_100_BIN2_UTF8, [images] bigint, [processed] bigint,
  [rejected] bigint, [failed] bigint, [bytes] bigint, [changed] bigint
) AS r;
GO
CREATE OR ALTER VIEW warehouse.[fact_images] AS
SELECT r.*, r.filepath(1) AS [partition_year], r.filepath(2) AS [partition_month], r.filepath(3) AS [partition_day]
FROM OPENROWSET(BULK 'fact_images/year=*/month=*/day=*/fact_images.parquet', DATA_SOURCE = 'lake', FORMAT = 'PARQUET') WITH (
  [image_id] varchar(36) COLLATE Latin1_General_100_BIN2_UTF8, [day] date, [uploaded_at] datetime2(3),
  [delete_at] datetime2(3), [source] varchar(10) COLLATE Latin1_General_100_BIN2_UTF8,
  [status] varchar(10) COLLATE Latin1_General_100_BIN2_UTF8,
  [content_type] varchar(100) COLLATE Latin1_General_100_BIN2_UTF8, [bytes] bigint, [width] int, [height] int,
  [variants] int, [variant_bytes] bigint, [failure_code] varchar(50) COLLATE Latin1_General_100_BIN2_UTF8,
  [changed] bigint
) AS r;
GO
