CREATE VIEW logistics_lead.completed_orders AS
SELECT transaction_id AS order_id, placed_day, placed_at, status, line_count AS lines, quantity, total_weight,
       total_price, completed_at, completed_by, cancelled_at, row_version
FROM orders.transactions
WHERE status = 'completed';

CREATE FUNCTION logistics_lead.reopen_order(p_order_id bigint, p_row_version integer, p_reason text)
RETURNS SETOF logistics.orders LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  known orders.transactions;
BEGIN
  IF btrim(coalesce(p_reason, '')) = '' THEN
    RAISE EXCEPTION 'Say why the order is reopened.' USING ERRCODE = 'DK422';
  END IF;
  SELECT t.* INTO known FROM orders.transactions AS t WHERE t.transaction_id = p_order_id FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'There is no such order.' USING ERRCODE = 'DK404';
  END IF;
  IF known.status <> 'completed' THEN
    RAISE EXCEPTION 'The order is %, and only a completed one can be reopened.', known.status USING ERRCODE = 'DK409';
  END IF;
  IF known.row_version <> p_row_version THEN
    RAISE EXCEPTION 'Somebody changed the order since you read it.' USING ERRCODE = 'DK412';
  END IF;
  UPDATE orders.transactions AS t
  SET status = 'pending', completed_at = NULL, completed_by = NULL, reopen_reason = p_reason
  WHERE t.transaction_id = p_order_id;
  RETURN QUERY SELECT o.* FROM logistics.orders AS o WHERE o.order_id = p_order_id;
END $$;
