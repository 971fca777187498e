CREATE VIEW logistics.orders AS
SELECT transaction_id AS order_id, placed_day, placed_at, status, line_count AS lines, quantity, total_weight,
       total_price, completed_at, completed_by, cancelled_at, row_version
FROM orders.transactions;
GO
CREATE VIEW logistics.order_items AS
SELECT i.transaction_id AS order_id, i.line, i.product_id, p.name AS product_name, p.manufacturer, i.quantity,
       i.unit_weight, CONVERT(decimal(12, 3), i.quantity * i.unit_weight) AS weight, i.unit_price,
       CONVERT(decimal(19, 4), i.quantity * i.unit_price) AS price
FROM orders.transaction_items AS i
JOIN orders.products AS p ON p.product_id = i.product_id;
GO
CREATE VIEW logistics.daily AS
SELECT placed_day AS day, COUNT_BIG(*) AS orders,
       CONVERT(bigint, SUM(CASE WHEN status = N'pending' THEN 1 ELSE 0 END)) AS pending,
       CONVERT(bigint, SUM(CASE WHEN status = N'completed' THEN 1 ELSE 0 END)) AS completed,
       CONVERT(bigint, SUM(CASE WHEN status = N'cancelled' THEN 1 ELSE 0 END)) AS cancelled,
       CONVERT(decimal(28, 3), SUM(CASE WHEN status <> N'cancelled' THEN total_weight ELSE 0 END)) AS total_weight,
       CONVERT(decimal(28, 4), SUM(CASE WHEN status <> N'cancelled' THEN total_price ELSE 0 END)) AS total_price
FROM orders.transactions
GROUP BY placed_day;
GO
CREATE VIEW logistics_lead.completed_orders AS
SELECT transaction_id AS order_id, placed_day, placed_at, status, line_count AS lines, quantity, total_weight,
       total_price, completed_at, completed_by, cancelled_at, row_version
FROM orders.transactions
WHERE status = N'completed';
GO
CREATE VIEW sales.products AS
SELECT product_id, name, manufacturer, cost, weight, is_active, created_at, created_by, changed_at, changed_by,
       retired_at, retired_by, row_version
FROM orders.products;
GO
CREATE VIEW storefront.products AS
SELECT product_id, name, manufacturer, cost, weight FROM orders.products WHERE is_active = 1;
GO
CREATE VIEW storefront.members AS
SELECT member_id, CONCAT(N'M', RIGHT(CONCAT(N'000000000', member_id), 9)) AS membership_id, membership, status
FROM orders.members;
GO
CREATE VIEW storefront.orders AS
SELECT transaction_id AS order_id, member_id, status, line_count AS lines, quantity, total_weight, total_price,
       placed_at, row_version
FROM orders.transactions;
