-- What the export reads. `changed` is the transaction that last changed a row, and only rows below the oldest
-- transaction that is still open are shown: a watermark taken from them is never overtaken by a late commit.

CREATE VIEW warehouse.fact_sales AS
SELECT t.transaction_id AS order_id, i.line, t.placed_day AS day, t.placed_at, t.status, i.product_id,
       i.product_id || '-' || i.product_version AS product_key, m.member_key, t.membership, i.quantity, i.unit_price,
       i.unit_weight, i.quantity * i.unit_price AS price, i.quantity * i.unit_weight AS weight, t.changed_in AS changed
FROM orders.transactions AS t
JOIN orders.transaction_items AS i ON i.transaction_id = t.transaction_id
JOIN orders.members AS m ON m.member_id = t.member_id
WHERE t.changed_in < pg_snapshot_xmin(pg_current_snapshot())::text::bigint;

CREATE VIEW warehouse.fact_transactions AS
SELECT t.transaction_id AS order_id, t.placed_day AS day, t.placed_at, t.completed_at, t.cancelled_at, t.status,
       m.member_key, t.membership, t.line_count AS lines, t.quantity, t.total_price, t.total_weight,
       t.changed_in AS changed
FROM orders.transactions AS t
JOIN orders.members AS m ON m.member_id = t.member_id
WHERE t.changed_in < pg_snapshot_xmin(pg_current_snapshot())::text::bigint;

CREATE VIEW warehouse.dim_product AS
SELECT product_id || '-' || version AS product_key, product_id, version, name, manufacturer, cost, weight, is_active,
       valid_from, valid_to, valid_to IS NULL AS is_current, changed_in AS changed
FROM orders.product_history
WHERE changed_in < pg_snapshot_xmin(pg_current_snapshot())::text::bigint;

CREATE VIEW warehouse.dim_member AS
SELECT m.member_key, h.version, h.membership, h.status, (m.joined_at AT TIME ZONE 'UTC')::date AS joined_on,
       h.valid_from, h.valid_to, h.valid_to IS NULL AS is_current, h.changed_in AS changed
FROM orders.member_history AS h
JOIN orders.members AS m ON m.member_id = h.member_id
WHERE h.changed_in < pg_snapshot_xmin(pg_current_snapshot())::text::bigint;

CREATE VIEW warehouse.dim_date AS
SELECT day, year, quarter, month, day_of_month, iso_year, iso_week, weekday, weekday > 5 AS is_weekend,
       1::bigint AS changed
FROM orders.calendar;

CREATE VIEW warehouse.fact_images AS
SELECT i.image_id, i.uploaded_day AS day, i.uploaded_at, i.delete_at, i.source, i.status, i.content_type, i.bytes,
       i.width, i.height, v.variants::integer AS variants, v.bytes AS variant_bytes, i.failure_code,
       i.changed_in AS changed
FROM imaging.images AS i
CROSS JOIN LATERAL (
  SELECT count(*) AS variants, coalesce(sum(bytes), 0)::bigint AS bytes
  FROM imaging.image_variants WHERE image_id = i.image_id
) AS v
WHERE i.changed_in < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
  AND NOT EXISTS (SELECT FROM imaging.erasures AS e WHERE e.image_id = i.image_id);

CREATE VIEW warehouse.agg_images_daily AS
SELECT day, source, images, processed, rejected, failed, bytes, changed
FROM imaging.images_daily
WHERE changed < pg_snapshot_xmin(pg_current_snapshot())::text::bigint;

CREATE VIEW warehouse.totals_by_day AS
SELECT t.placed_day AS day, t.status, count(*) AS orders, sum(t.line_count) AS lines, sum(t.quantity) AS quantity,
       sum(t.total_price) AS price, sum(t.total_weight) AS weight
FROM orders.transactions AS t
WHERE t.changed_in < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
GROUP BY t.placed_day, t.status;

CREATE VIEW warehouse.totals_by_product AS
SELECT i.product_id, count(*) AS orders, count(*) AS lines, sum(i.quantity) AS quantity,
       sum(i.quantity * i.unit_price) AS price, sum(i.quantity * i.unit_weight) AS weight
FROM orders.transactions AS t
JOIN orders.transaction_items AS i ON i.transaction_id = t.transaction_id
WHERE t.changed_in < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
GROUP BY i.product_id;

CREATE VIEW warehouse.totals_by_membership AS
SELECT t.membership, count(*) AS orders, sum(t.line_count) AS lines, sum(t.quantity) AS quantity,
       sum(t.total_price) AS price, sum(t.total_weight) AS weight
FROM orders.transactions AS t
WHERE t.changed_in < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
GROUP BY t.membership;

CREATE VIEW warehouse.exports AS
SELECT table_name, watermark, rows, files, bytes, exported_at, run FROM orders.exports;

CREATE VIEW warehouse.epochs AS
SELECT sequence, epoch, at FROM orders.epochs;

CREATE FUNCTION warehouse.record_export(
  p_table_name text, p_watermark bigint, p_rows bigint, p_files integer, p_bytes bigint, p_at timestamptz,
  p_run uuid DEFAULT NULL
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO orders.exports AS e (table_name, watermark, rows, files, bytes, exported_at, run)
  VALUES (p_table_name, p_watermark, p_rows, p_files, p_bytes, p_at, p_run)
  ON CONFLICT (table_name) DO UPDATE
  SET watermark = excluded.watermark, rows = excluded.rows, files = excluded.files, bytes = excluded.bytes,
      exported_at = excluded.exported_at, run = excluded.run
  WHERE e.watermark <= excluded.watermark;
END $$;

-- Every row below it is there to see. Here a statement's rows and its horizon are of one snapshot; on SQL Server the reader
-- asks for it first.
CREATE VIEW warehouse.horizon AS
SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS changed;
