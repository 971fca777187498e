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

CREATE FUNCTION logistics.complete_order(p_order_id bigint, p_row_version integer DEFAULT NULL)
RETURNS SETOF logistics.orders LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  CASE orders.complete(p_order_id, p_row_version)
    WHEN 'not-found' THEN RAISE EXCEPTION 'There is no such order.' USING ERRCODE = 'DK404';
    WHEN 'cancelled' THEN
      RAISE EXCEPTION 'The order is cancelled, so it cannot be completed.' USING ERRCODE = 'DK409';
    WHEN 'changed' THEN RAISE EXCEPTION 'Somebody changed the order since you read it.' USING ERRCODE = 'DK412';
    ELSE NULL;
  END CASE;
  RETURN QUERY SELECT o.* FROM logistics.orders AS o WHERE o.order_id = p_order_id;
END $$;

CREATE FUNCTION logistics.complete_orders(p_orders jsonb)
RETURNS TABLE (order_id bigint, outcome text, reason text, completed_at timestamptz, completed_by text,
               row_version integer) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  one     record;
  results jsonb := '{}';
BEGIN
  IF jsonb_array_length(p_orders) > 1000 THEN
    RAISE EXCEPTION 'At most 1000 orders can be completed at once.' USING ERRCODE = 'DK422';
  END IF;
  IF EXISTS (SELECT FROM jsonb_to_recordset(p_orders) AS o ("orderId" bigint, "rowVersion" integer)
             WHERE o."orderId" IS NULL OR o."rowVersion" IS NULL) THEN
    RAISE EXCEPTION 'Each order needs its id and the version that was seen.' USING ERRCODE = 'DK422';
  END IF;
  -- In the order of ids, so that two requests for the same orders wait for each other instead of deadlocking.
  FOR one IN
    SELECT DISTINCT ON (o."orderId") o."orderId" AS id, o."rowVersion" AS version
    FROM jsonb_to_recordset(p_orders) AS o ("orderId" bigint, "rowVersion" integer)
    ORDER BY o."orderId"
  LOOP
    results := results || jsonb_build_object(one.id::text, orders.complete(one.id, one.version));
  END LOOP;
  RETURN QUERY
  SELECT (o.v ->> 'orderId')::bigint,
         CASE WHEN r.answer IN ('done', 'already-done') THEN r.answer ELSE 'refused' END,
         CASE WHEN r.answer IN ('done', 'already-done') THEN NULL ELSE r.answer END,
         t.completed_at, t.completed_by::text, t.row_version
  FROM jsonb_array_elements(p_orders) WITH ORDINALITY AS o (v, n)
  CROSS JOIN LATERAL (SELECT results ->> (o.v ->> 'orderId') AS answer) AS r
  LEFT JOIN orders.transactions AS t ON t.transaction_id = (o.v ->> 'orderId')::bigint
  ORDER BY o.n;
END $$;
