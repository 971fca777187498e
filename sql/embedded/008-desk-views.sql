CREATE VIEW logistics.orders AS
SELECT transaction_id AS order_id, placed_day, placed_at, status, line_count AS lines, quantity, total_weight,
       total_price, completed_at, completed_by, cancelled_at, row_version
FROM orders.transactions;

CREATE VIEW logistics.order_items AS
SELECT i.transaction_id AS order_id, i.line, i.product_id, p.name AS product_name, p.manufacturer, i.quantity,
       i.unit_weight, i.quantity * i.unit_weight AS weight, i.unit_price, i.quantity * i.unit_price AS price
FROM orders.transaction_items AS i
JOIN orders.products AS p ON p.product_id = i.product_id;

CREATE VIEW logistics.daily AS
SELECT placed_day AS day, count(*) AS orders, count(*) FILTER (WHERE status = 'pending') AS pending,
       count(*) FILTER (WHERE status = 'completed') AS completed,
       count(*) FILTER (WHERE status = 'cancelled') AS cancelled,
       coalesce(sum(total_weight) FILTER (WHERE status <> 'cancelled'), 0.000) AS total_weight,
       coalesce(sum(total_price) FILTER (WHERE status <> 'cancelled'), 0.0000) AS total_price
FROM orders.transactions
GROUP BY placed_day;

CREATE VIEW logistics_lead.completed_orders AS
SELECT transaction_id AS order_id, placed_day, placed_at, status, line_count AS lines, quantity, total_weight,
       total_price, completed_at, completed_by, cancelled_at, row_version
FROM orders.transactions
WHERE status = 'completed';

CREATE VIEW sales.products AS
SELECT product_id, name, manufacturer, cost, weight, is_active, created_at, created_by, changed_at, changed_by,
       retired_at, retired_by, row_version
FROM orders.products;

CREATE VIEW storefront.products AS
SELECT product_id, name, manufacturer, cost, weight FROM orders.products WHERE is_active;

CREATE VIEW storefront.members AS
SELECT member_id, membership_id, membership, status FROM orders.members;

CREATE VIEW storefront.orders AS
SELECT transaction_id AS order_id, member_id, status, line_count AS lines, quantity, total_weight, total_price,
       placed_at, row_version
FROM orders.transactions;
