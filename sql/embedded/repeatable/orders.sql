-- One rule for one order and for many: `done`, `already-done`, or why not.
CREATE FUNCTION orders.complete(p_order_id bigint, p_row_version integer) RETURNS text LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  known orders.transactions;
BEGIN
  SELECT t.* INTO known FROM orders.transactions AS t WHERE t.transaction_id = p_order_id FOR UPDATE;
  IF NOT FOUND THEN RETURN 'not-found'; END IF;
  IF known.status = 'completed' THEN RETURN 'already-done'; END IF;
  IF known.status = 'cancelled' THEN RETURN 'cancelled'; END IF;
  IF known.row_version <> p_row_version THEN RETURN 'changed'; END IF;
  UPDATE orders.transactions AS t
  SET status = 'completed', completed_at = clock_timestamp(), completed_by = imaging.actor()
  WHERE t.transaction_id = p_order_id;
  RETURN 'done';
END $$;

-- A column would round what does not fit; a price is never rounded in silence.
CREATE FUNCTION orders.check_amounts(p_cost numeric, p_weight numeric) RETURNS void LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF p_cost <> trunc(p_cost, 4) OR p_cost NOT BETWEEN 0 AND 999999999.9999 THEN
    RAISE EXCEPTION 'A cost is from 0 to 999999999.9999, with at most 4 decimals.' USING ERRCODE = 'DK422';
  END IF;
  IF p_weight <> trunc(p_weight, 3) OR p_weight NOT BETWEEN 0 AND 99999.999 THEN
    RAISE EXCEPTION 'A weight is from 0 to 99999.999 kg, with at most 3 decimals.' USING ERRCODE = 'DK422';
  END IF;
END $$;

-- The product as it is now, held until the transaction ends; refuses where it is not the version that was seen.
CREATE FUNCTION orders.seen_product(p_product_id bigint, p_row_version integer) RETURNS orders.products
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  known orders.products;
BEGIN
  SELECT p.* INTO known FROM orders.products AS p WHERE p.product_id = p_product_id FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'There is no such product.' USING ERRCODE = 'DK404';
  END IF;
  IF known.row_version <> p_row_version THEN
    RAISE EXCEPTION 'Somebody changed the product since you read it.' USING ERRCODE = 'DK412';
  END IF;
  RETURN known;
END $$;
