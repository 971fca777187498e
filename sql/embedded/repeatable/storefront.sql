CREATE VIEW storefront.products AS
SELECT product_id, name, manufacturer, cost, weight FROM orders.products WHERE is_active;

CREATE VIEW storefront.members AS
SELECT member_id, membership_id, membership, status FROM orders.members;

CREATE VIEW storefront.orders AS
SELECT transaction_id AS order_id, member_id, status, line_count AS lines, quantity, total_weight, total_price,
       placed_at, row_version
FROM orders.transactions;

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
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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
  SET status = 'cancelled', cancelled_at = clock_timestamp(), cancelled_by = imaging.actor()
  WHERE t.transaction_id = p_order_id AND t.status = 'pending';
  RETURN QUERY SELECT t.transaction_id, t.status::text, t.row_version
  FROM orders.transactions AS t WHERE t.transaction_id = p_order_id;
END $$;
