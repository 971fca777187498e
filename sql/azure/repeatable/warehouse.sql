-- Who reads rows asks for the horizon first, in a statement of its own, and for rows below it: within one statement the
-- rows may be those of a moment before the horizon's, and a watermark would pass a change that they do not show.
CREATE VIEW warehouse.horizon AS
SELECT changed FROM orders.horizon;
GO
CREATE VIEW warehouse.fact_sales AS
SELECT t.transaction_id AS order_id, i.line, t.placed_day AS day, t.placed_at, t.status, i.product_id,
       CONCAT(i.product_id, N'-', i.product_version) AS product_key, m.member_key, t.membership, i.quantity, i.unit_price,
       i.unit_weight, CONVERT(decimal(19, 4), i.quantity * i.unit_price) AS price,
       CONVERT(decimal(12, 3), i.quantity * i.unit_weight) AS weight, CONVERT(bigint, t.changed) AS changed
FROM orders.transactions AS t
JOIN orders.transaction_items AS i ON i.transaction_id = t.transaction_id
JOIN orders.members AS m ON m.member_id = t.member_id
CROSS JOIN orders.horizon AS h
WHERE CONVERT(bigint, t.changed) < h.changed;
GO
CREATE VIEW warehouse.fact_transactions AS
SELECT t.transaction_id AS order_id, t.placed_day AS day, t.placed_at, t.completed_at, t.cancelled_at, t.status,
       m.member_key, t.membership, t.line_count AS lines, t.quantity, t.total_price, t.total_weight,
       CONVERT(bigint, t.changed) AS changed
FROM orders.transactions AS t
JOIN orders.members AS m ON m.member_id = t.member_id
CROSS JOIN orders.horizon AS h
WHERE CONVERT(bigint, t.changed) < h.changed;
GO
CREATE VIEW warehouse.dim_product AS
SELECT CONCAT(p.product_id, N'-', p.version) AS product_key, p.product_id, p.version, p.name, p.manufacturer,
       CONVERT(decimal(19, 4), p.cost) AS cost, CONVERT(decimal(12, 3), p.weight) AS weight, p.is_active, p.valid_from, p.valid_to,
       CONVERT(bit, CASE WHEN p.valid_to IS NULL THEN 1 ELSE 0 END) AS is_current, CONVERT(bigint, p.changed) AS changed
FROM orders.product_history AS p
CROSS JOIN orders.horizon AS h
WHERE CONVERT(bigint, p.changed) < h.changed;
GO
CREATE VIEW warehouse.dim_member AS
SELECT m.member_key, s.version, s.membership, s.status, CONVERT(date, m.joined_at) AS joined_on, s.valid_from, s.valid_to,
       CONVERT(bit, CASE WHEN s.valid_to IS NULL THEN 1 ELSE 0 END) AS is_current, CONVERT(bigint, s.changed) AS changed
FROM orders.member_history AS s
JOIN orders.members AS m ON m.member_id = s.member_id
CROSS JOIN orders.horizon AS h
WHERE CONVERT(bigint, s.changed) < h.changed;
GO
CREATE VIEW warehouse.dim_date AS
SELECT day, year, quarter, month, day_of_month, iso_year, iso_week, weekday,
       CONVERT(bit, CASE WHEN weekday > 5 THEN 1 ELSE 0 END) AS is_weekend, CONVERT(bigint, 1) AS changed
FROM orders.calendar;
GO
CREATE VIEW warehouse.fact_images AS
SELECT i.image_id, i.uploaded_day AS day, i.uploaded_at, i.delete_at, i.source, i.status, i.content_type, i.bytes,
       i.width, i.height, COALESCE(v.variants, 0) AS variants, COALESCE(v.bytes, 0) AS variant_bytes, i.failure_code,
       CONVERT(bigint, i.changed) AS changed
FROM imaging.images AS i
LEFT JOIN (
  SELECT image_id, COUNT(*) AS variants, SUM(bytes) AS bytes FROM imaging.image_variants GROUP BY image_id
) AS v ON v.image_id = i.image_id
CROSS JOIN orders.horizon AS h
WHERE CONVERT(bigint, i.changed) < h.changed
  AND NOT EXISTS (SELECT 1 FROM imaging.erasures AS e WHERE e.image_id = i.image_id);
GO
CREATE VIEW warehouse.agg_images_daily AS
SELECT d.day, d.source, d.images, d.processed, d.rejected, d.failed, d.bytes, d.changed
FROM imaging.images_daily AS d
CROSS JOIN orders.horizon AS h
WHERE d.changed < h.changed;
GO
CREATE VIEW warehouse.totals_by_day AS
SELECT t.placed_day AS day, t.status, COUNT_BIG(*) AS orders, SUM(CONVERT(bigint, t.line_count)) AS lines,
       SUM(CONVERT(bigint, t.quantity)) AS quantity, CONVERT(decimal(28, 4), SUM(t.total_price)) AS price,
       CONVERT(decimal(28, 3), SUM(t.total_weight)) AS weight
FROM orders.transactions AS t
CROSS JOIN orders.horizon AS h
WHERE CONVERT(bigint, t.changed) < h.changed
GROUP BY t.placed_day, t.status;
GO
CREATE VIEW warehouse.totals_by_product AS
SELECT i.product_id, COUNT_BIG(*) AS orders, COUNT_BIG(*) AS lines, SUM(CONVERT(bigint, i.quantity)) AS quantity,
       CONVERT(decimal(28, 4), SUM(i.quantity * i.unit_price)) AS price,
       CONVERT(decimal(28, 3), SUM(i.quantity * i.unit_weight)) AS weight
FROM orders.transactions AS t
JOIN orders.transaction_items AS i ON i.transaction_id = t.transaction_id
CROSS JOIN orders.horizon AS h
WHERE CONVERT(bigint, t.changed) < h.changed
GROUP BY i.product_id;
GO
CREATE VIEW warehouse.totals_by_membership AS
SELECT t.membership, COUNT_BIG(*) AS orders, SUM(CONVERT(bigint, t.line_count)) AS lines,
       SUM(CONVERT(bigint, t.quantity)) AS quantity, CONVERT(decimal(28, 4), SUM(t.total_price)) AS price,
       CONVERT(decimal(28, 3), SUM(t.total_weight)) AS weight
FROM orders.transactions AS t
CROSS JOIN orders.horizon AS h
WHERE CONVERT(bigint, t.changed) < h.changed
GROUP BY t.membership;
GO
CREATE VIEW warehouse.exports AS
SELECT table_name, watermark, [rows], files, bytes, exported_at, run FROM orders.exports;
GO
CREATE VIEW warehouse.epochs AS
SELECT sequence, epoch, at FROM orders.epochs;
GO
CREATE PROCEDURE warehouse.record_export
  @table_name nvarchar(4000), @watermark bigint, @rows bigint, @files int, @bytes bigint, @at datetime2(3),
  @run uniqueidentifier = NULL
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  BEGIN TRANSACTION;
  EXEC imaging.take_lock @name = N'darkroom-exports', @mode = N'Exclusive';
  UPDATE orders.exports
  SET watermark = @watermark, [rows] = @rows, files = @files, bytes = @bytes, exported_at = @at, run = @run
  WHERE table_name = @table_name AND watermark <= @watermark;
  IF NOT EXISTS (SELECT 1 FROM orders.exports WHERE table_name = @table_name)
    INSERT INTO orders.exports (table_name, watermark, [rows], files, bytes, exported_at, run)
    VALUES (@table_name, @watermark, @rows, @files, @bytes, @at, @run);
  COMMIT;
END;
