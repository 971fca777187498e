-- Lists of all days, by when orders were placed and by weight: a page of them is read from the index, not sorted out of
-- every order there is.
CREATE INDEX ix_transactions_placed ON orders.transactions (placed_at, transaction_id);
CREATE INDEX ix_transactions_weight ON orders.transactions (total_weight, transaction_id);

-- Sums first, names afterwards: items of a month are many, and were sorted by names that only their products have.
CREATE OR REPLACE FUNCTION analytics.product_totals(p_from_day date, p_to_day date)
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
