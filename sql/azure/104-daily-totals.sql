-- only: azure-sql
-- Daily sums that the server keeps up to date itself, behind the same views.
CREATE VIEW orders.daily_totals WITH SCHEMABINDING AS
SELECT placed_day, membership, status, COUNT_BIG(*) AS orders, SUM(CONVERT(bigint, quantity)) AS quantity,
       SUM(total_price) AS total_price, SUM(total_weight) AS total_weight
FROM orders.transactions
GROUP BY placed_day, membership, status;
GO
CREATE UNIQUE CLUSTERED INDEX ix_daily_totals ON orders.daily_totals (placed_day, membership, status);
GO
ALTER VIEW logistics.daily AS
SELECT placed_day AS day, SUM(orders) AS orders,
       SUM(CASE WHEN status = N'pending' THEN orders ELSE 0 END) AS pending,
       SUM(CASE WHEN status = N'completed' THEN orders ELSE 0 END) AS completed,
       SUM(CASE WHEN status = N'cancelled' THEN orders ELSE 0 END) AS cancelled,
       CONVERT(decimal(28, 3), SUM(CASE WHEN status <> N'cancelled' THEN total_weight ELSE 0 END)) AS total_weight,
       CONVERT(decimal(28, 4), SUM(CASE WHEN status <> N'cancelled' THEN total_price ELSE 0 END)) AS total_price
FROM orders.daily_totals WITH (NOEXPAND)
GROUP BY placed_day;
GO
ALTER VIEW analytics.sales_by_day AS
SELECT placed_day AS day, SUM(CASE WHEN status <> N'cancelled' THEN orders ELSE 0 END) AS orders,
       SUM(CASE WHEN status <> N'cancelled' THEN quantity ELSE 0 END) AS quantity,
       CONVERT(decimal(28, 4), SUM(CASE WHEN status <> N'cancelled' THEN total_price ELSE 0 END)) AS total_price,
       CONVERT(decimal(28, 3), SUM(CASE WHEN status <> N'cancelled' THEN total_weight ELSE 0 END)) AS total_weight,
       SUM(CASE WHEN status = N'completed' THEN orders ELSE 0 END) AS completed,
       SUM(CASE WHEN status = N'cancelled' THEN orders ELSE 0 END) AS cancelled
FROM orders.daily_totals WITH (NOEXPAND)
GROUP BY placed_day;
GO
ALTER VIEW analytics.sales_by_membership AS
SELECT placed_day AS day, membership, SUM(orders) AS orders, SUM(quantity) AS quantity,
       CONVERT(decimal(28, 4), SUM(total_price)) AS total_price,
       CONVERT(decimal(28, 3), SUM(total_weight)) AS total_weight
FROM orders.daily_totals WITH (NOEXPAND)
WHERE status <> N'cancelled'
GROUP BY placed_day, membership;
