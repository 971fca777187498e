CREATE VIEW analytics.sales_by_day AS
SELECT placed_day AS day, SUM(CASE WHEN status <> N'cancelled' THEN orders ELSE 0 END) AS orders,
       SUM(CASE WHEN status <> N'cancelled' THEN quantity ELSE 0 END) AS quantity,
       CONVERT(decimal(28, 4), SUM(CASE WHEN status <> N'cancelled' THEN total_price ELSE 0 END)) AS total_price,
       CONVERT(decimal(28, 3), SUM(CASE WHEN status <> N'cancelled' THEN total_weight ELSE 0 END)) AS total_weight,
       SUM(CASE WHEN status = N'completed' THEN orders ELSE 0 END) AS completed,
       SUM(CASE WHEN status = N'cancelled' THEN orders ELSE 0 END) AS cancelled
FROM orders.daily_totals
GROUP BY placed_day;
GO
-- Sums first, names afterwards, so that no sum is sorted by names.
CREATE VIEW analytics.sales_by_product AS
SELECT s.day, s.product_id, p.name AS product_name, p.manufacturer, s.orders, s.quantity, s.total_price, s.total_weight
FROM (
  SELECT t.placed_day AS day, i.product_id, COUNT_BIG(*) AS orders, SUM(CONVERT(bigint, i.quantity)) AS quantity,
         CONVERT(decimal(28, 4), SUM(i.quantity * i.unit_price)) AS total_price,
         CONVERT(decimal(28, 3), SUM(i.quantity * i.unit_weight)) AS total_weight
  FROM orders.transactions AS t
  JOIN orders.transaction_items AS i ON i.transaction_id = t.transaction_id
  WHERE t.status <> N'cancelled'
  GROUP BY t.placed_day, i.product_id
) AS s
JOIN orders.products AS p ON p.product_id = s.product_id;
GO
CREATE VIEW analytics.sales_by_membership AS
SELECT placed_day AS day, membership, SUM(orders) AS orders, SUM(quantity) AS quantity,
       CONVERT(decimal(28, 4), SUM(total_price)) AS total_price,
       CONVERT(decimal(28, 3), SUM(total_weight)) AS total_weight
FROM orders.daily_totals
WHERE status <> N'cancelled'
GROUP BY placed_day, membership;
GO
-- Every change of a member is one less in a state and one more in the next; their running sum is the membership.
CREATE VIEW analytics.membership AS
WITH changes AS (
  SELECT CONVERT(date, valid_from) AS day, membership, status, 1 AS n FROM orders.member_history
  UNION ALL
  SELECT CONVERT(date, valid_to), membership, status, -1 FROM orders.member_history WHERE valid_to IS NOT NULL
), daily AS (
  SELECT day, membership, status, SUM(n) AS n FROM changes GROUP BY day, membership, status
)
SELECT c.day, m.membership, s.status,
       CONVERT(bigint, SUM(COALESCE(d.n, 0)) OVER (PARTITION BY m.membership, s.status ORDER BY c.day
                                                  ROWS UNBOUNDED PRECEDING)) AS members,
       CONVERT(bigint, COALESCE(d.n, 0)) AS change
FROM orders.calendar AS c
CROSS JOIN (VALUES (N'standard'), (N'plus'), (N'professional')) AS m (membership)
CROSS JOIN (VALUES (N'active'), (N'suspended'), (N'ended')) AS s (status)
LEFT JOIN daily AS d ON d.day = c.day AND d.membership = m.membership AND d.status = s.status
WHERE c.day >= (SELECT MIN(day) FROM daily) AND c.day <= CONVERT(date, SYSUTCDATETIME());
GO
CREATE VIEW analytics.images AS
SELECT day, source, images, processed, rejected, failed, bytes FROM imaging.images_daily;
GO
CREATE PROCEDURE analytics.product_totals @from_day date, @to_day date AS
BEGIN
  SET NOCOUNT ON;
  SELECT s.product_id, p.name AS product_name, p.manufacturer, s.orders, s.quantity,
         CONVERT(varchar(40), s.total_price) AS total_price, CONVERT(varchar(40), s.total_weight) AS total_weight
  FROM (
    SELECT i.product_id, COUNT_BIG(*) AS orders, SUM(CONVERT(bigint, i.quantity)) AS quantity,
           CONVERT(decimal(28, 4), SUM(i.quantity * i.unit_price)) AS total_price,
           CONVERT(decimal(28, 3), SUM(i.quantity * i.unit_weight)) AS total_weight
    FROM orders.transactions AS t
    JOIN orders.transaction_items AS i ON i.transaction_id = t.transaction_id
    WHERE t.status <> N'cancelled' AND t.placed_day BETWEEN @from_day AND @to_day
    GROUP BY i.product_id
  ) AS s
  JOIN orders.products AS p ON p.product_id = s.product_id
  ORDER BY s.total_price DESC, s.product_id;
END;
GO
CREATE PROCEDURE analytics.membership_totals @from_day date, @to_day date AS
BEGIN
  SET NOCOUNT ON;
  SELECT membership, SUM(orders) AS orders, SUM(quantity) AS quantity,
         CONVERT(varchar(40), SUM(total_price)) AS total_price, CONVERT(varchar(40), SUM(total_weight)) AS total_weight
  FROM analytics.sales_by_membership
  WHERE day BETWEEN @from_day AND @to_day
  GROUP BY membership
  ORDER BY SUM(total_price) DESC;
END;
