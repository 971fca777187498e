CREATE FUNCTION storefront.register_member(
  p_name text, p_email text, p_date_of_birth date, p_mobile text, p_membership text
) RETURNS TABLE (member_id bigint, membership_id text, status text) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  INSERT INTO orders.members AS m (name, email, date_of_birth, mobile, membership, status, joined_at)
  VALUES (p_name, p_email, p_date_of_birth, p_mobile, p_membership, 'active', clock_timestamp())
  RETURNING m.member_id, m.membership_id::text, m.status::text;
END $$;

CREATE FUNCTION storefront.change_membership(p_member_id bigint, p_membership text, p_status text, p_reason text)
RETURNS TABLE (member_id bigint, membership text, status text, row_version integer)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  known orders.members;
BEGIN
  SELECT m.* INTO known FROM orders.members AS m WHERE m.member_id = p_member_id FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'There is no such member.' USING ERRCODE = 'DK404';
  END IF;
  IF (known.membership, known.status) IS DISTINCT FROM (p_membership, p_status) THEN
    IF btrim(coalesce(p_reason, '')) = '' THEN
      RAISE EXCEPTION 'Say why the membership changes.' USING ERRCODE = 'DK422';
    END IF;
    UPDATE orders.members AS m SET membership = p_membership, status = p_status, status_reason = p_reason
    WHERE m.member_id = p_member_id;
  END IF;
  RETURN QUERY SELECT m.member_id, m.membership::text, m.status::text, m.row_version
  FROM orders.members AS m WHERE m.member_id = p_member_id;
END $$;

CREATE FUNCTION storefront.place_order(
  p_member_id bigint, p_request_key text, p_items jsonb, p_placed_at timestamptz DEFAULT NULL
) RETURNS TABLE (order_id bigint, outcome text, status text, total_price numeric, total_weight numeric,
                 placed_at timestamptz, row_version integer) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  buyer   record;
  wanted  integer;
  found_n integer;
  retired text;
  id      bigint;
  answer  text := 'exists';
BEGIN
  -- The buyer's row stays as it is until the order is placed; two requests with one key queue up here.
  SELECT m.status, m.membership INTO buyer FROM orders.members AS m WHERE m.member_id = p_member_id FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'There is no such member.' USING ERRCODE = 'DK404';
  END IF;
  SELECT t.transaction_id INTO id FROM orders.transactions AS t
  WHERE t.member_id = p_member_id AND t.request_key = p_request_key;
  IF id IS NULL THEN
    IF buyer.status <> 'active' THEN
      RAISE EXCEPTION 'The member is %, and only members in good standing can buy.', buyer.status
        USING ERRCODE = 'DK409';
    END IF;
    IF btrim(coalesce(p_request_key, '')) = '' THEN
      RAISE EXCEPTION 'An order needs a request key.' USING ERRCODE = 'DK422';
    END IF;
    wanted := jsonb_array_length(p_items);
    IF wanted = 0 OR wanted > 500 THEN
      RAISE EXCEPTION 'An order has 1 to 500 items.' USING ERRCODE = 'DK422';
    END IF;
    IF EXISTS (SELECT FROM jsonb_to_recordset(p_items) AS i ("productId" bigint, quantity integer)
               WHERE i.quantity IS NULL OR i.quantity < 1 OR i.quantity > 10000) THEN
      RAISE EXCEPTION 'A quantity is a whole number from 1 to 10000.' USING ERRCODE = 'DK422';
    END IF;
    -- Products stay as they are, too, until the order has copied their prices.
    PERFORM p.product_id FROM orders.products AS p
    WHERE p.product_id IN (SELECT i."productId" FROM jsonb_to_recordset(p_items) AS i ("productId" bigint))
    ORDER BY p.product_id FOR SHARE;
    SELECT count(*), min(p.name) FILTER (WHERE NOT p.is_active) INTO found_n, retired
    FROM jsonb_to_recordset(p_items) AS i ("productId" bigint)
    JOIN orders.products AS p ON p.product_id = i."productId";
    IF found_n < wanted THEN
      RAISE EXCEPTION 'There is no such product.' USING ERRCODE = 'DK404';
    END IF;
    IF retired IS NOT NULL THEN
      RAISE EXCEPTION 'The product "%" is retired.', retired USING ERRCODE = 'DK409';
    END IF;
    INSERT INTO orders.transactions AS t (member_id, request_key, membership, line_count, quantity, total_price,
                                          total_weight, placed_at)
    SELECT p_member_id, p_request_key, buyer.membership, wanted, sum(i.quantity), sum(i.quantity * p.cost),
           sum(i.quantity * p.weight), coalesce(p_placed_at, clock_timestamp())
    FROM jsonb_to_recordset(p_items) AS i ("productId" bigint, quantity integer)
    JOIN orders.products AS p ON p.product_id = i."productId"
    RETURNING t.transaction_id INTO id;
    INSERT INTO orders.transaction_items (transaction_id, line, product_id, product_version, quantity, unit_price,
                                          unit_weight)
    SELECT id, i.n, p.product_id, p.row_version, (i.v ->> 'quantity')::integer, p.cost, p.weight
    FROM jsonb_array_elements(p_items) WITH ORDINALITY AS i (v, n)
    JOIN orders.products AS p ON p.product_id = (i.v ->> 'productId')::bigint;
    answer := 'created';
  END IF;
  RETURN QUERY SELECT t.transaction_id, answer, t.status::text, t.total_price, t.total_weight, t.placed_at, t.row_version
  FROM orders.transactions AS t WHERE t.transaction_id = id;
END $$;

CREATE FUNCTION storefront.cancel_order(p_order_id bigint)
RETURNS TABLE (order_id bigint, status text, row_version integer) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  known text;
BEGIN
  SELECT t.status INTO known FROM orders.transactions AS t WHERE t.transaction_id = p_order_id FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'There is no such order.' USING ERRCODE = 'DK404';
  END IF;
  IF known = 'completed' THEN
    RAISE EXCEPTION 'The order is completed, so it cannot be cancelled.' USING ERRCODE = 'DK409';
  END IF;
  UPDATE orders.transactions AS t
  SET status = 'cancelled', cancelled_at = clock_timestamp(), cancelled_by = orders.actor()
  WHERE t.transaction_id = p_order_id AND t.status = 'pending';
  RETURN QUERY SELECT t.transaction_id, t.status::text, t.row_version
  FROM orders.transactions AS t WHERE t.transaction_id = p_order_id;
END $$;

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
  SET status = 'completed', completed_at = clock_timestamp(), completed_by = orders.actor()
  WHERE t.transaction_id = p_order_id;
  RETURN 'done';
END $$;

CREATE FUNCTION logistics.complete_order(p_order_id bigint, p_row_version integer DEFAULT NULL)
RETURNS SETOF logistics.orders LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
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
               row_version integer) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
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

CREATE FUNCTION logistics_lead.reopen_order(p_order_id bigint, p_row_version integer, p_reason text)
RETURNS SETOF logistics.orders LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
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
