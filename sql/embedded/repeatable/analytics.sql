CREATE VIEW analytics.sales_by_day AS
SELECT placed_day AS day, count(*) FILTER (WHERE status <> 'cancelled') AS orders,
       coalesce(sum(quantity) FILTER (WHERE status <> 'cancelled'), 0)::bigint AS quantity,
       coalesce(sum(total_price) FILTER (WHERE status <> 'cancelled'), 0.0000) AS total_price,
       coalesce(sum(total_weight) FILTER (WHERE status <> 'cancelled'), 0.000) AS total_weight,
       count(*) FILTER (WHERE status = 'completed') AS completed,
       count(*) FILTER (WHERE status = 'cancelled') AS cancelled
FROM orders.transactions
GROUP BY placed_day;

CREATE VIEW analytics.sales_by_product AS
SELECT t.placed_day AS day, i.product_id, p.name AS product_name, p.manufacturer, count(*) AS orders,
       sum(i.quantity) AS quantity, sum(i.quantity * i.unit_price) AS total_price,
       sum(i.quantity * i.unit_weight) AS total_weight
FROM orders.transactions AS t
JOIN orders.transaction_items AS i ON i.transaction_id = t.transaction_id
JOIN orders.products AS p ON p.product_id = i.product_id
WHERE t.status <> 'cancelled'
GROUP BY t.placed_day, i.product_id, p.name, p.manufacturer;

CREATE VIEW analytics.sales_by_membership AS
SELECT placed_day AS day, membership, count(*) AS orders, sum(quantity) AS quantity, sum(total_price) AS total_price,
       sum(total_weight) AS total_weight
FROM orders.transactions
WHERE status <> 'cancelled'
GROUP BY placed_day, membership;

-- Every change of a member is one less in a state and one more in the next; their running sum is the membership.
CREATE VIEW analytics.membership AS
WITH changes AS (
  SELECT (valid_from AT TIME ZONE 'UTC')::date AS day, membership, status, 1 AS n FROM orders.member_history
  UNION ALL
  SELECT (valid_to AT TIME ZONE 'UTC')::date, membership, status, -1 FROM orders.member_history
  WHERE valid_to IS NOT NULL
), daily AS (
  SELECT day, membership, status, sum(n) AS n FROM changes GROUP BY day, membership, status
)
SELECT c.day, m.membership, s.status,
       sum(coalesce(d.n, 0)) OVER (PARTITION BY m.membership, s.status ORDER BY c.day)::bigint AS members,
       coalesce(d.n, 0)::bigint AS change
FROM orders.calendar AS c
CROSS JOIN (VALUES ('standard'), ('plus'), ('professional')) AS m (membership)
CROSS JOIN (VALUES ('active'), ('suspended'), ('ended')) AS s (status)
LEFT JOIN daily AS d ON d.day = c.day AND d.membership = m.membership AND d.status = s.status
WHERE c.day BETWEEN (SELECT min(day) FROM daily) AND (now() AT TIME ZONE 'UTC')::date;

CREATE VIEW analytics.images AS
SELECT day, source, images, processed, rejected, failed, bytes FROM imaging.images_daily;

-- Sums first, names afterwards: items of a month are many, and were sorted by names that only their products have.
CREATE FUNCTION analytics.product_totals(p_from_day date, p_to_day date)
RETURNS TABLE (product_id bigint, product_name text, manufacturer text, orders bigint, quantity bigint,
               total_price numeric, total_weight numeric) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT s.product_id, p.name::text, p.manufacturer::text, s.orders, s.quantity, s.total_price, s.total_weight
  FROM (
    SELECT i.product_id, count(*) AS orders, sum(i.quantity) AS quantity, sum(i.quantity * i.unit_price) AS total_price,
           sum(i.quantity * i.unit_weight) AS total_weight
    FROM orders.transactions AS t
    JOIN orders.transaction_items AS i ON i.transaction_id = t.transaction_id
    WHERE t.status <> 'cancelled' AND t.placed_day BETWEEN p_from_day AND p_to_day
    GROUP BY i.product_id
  ) AS s
  JOIN orders.products AS p ON p.product_id = s.product_id
  ORDER BY s.total_price DESC, s.product_id;
END;

CREATE FUNCTION analytics.membership_totals(p_from_day date, p_to_day date)
RETURNS TABLE (membership text, orders bigint, quantity bigint, total_price numeric, total_weight numeric)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT t.membership::text, count(*), sum(t.quantity), sum(t.total_price), sum(t.total_weight)
  FROM orders.transactions AS t
  WHERE t.status <> 'cancelled' AND t.placed_day BETWEEN p_from_day AND p_to_day
  GROUP BY t.membership
  ORDER BY sum(t.total_price) DESC;
END;
