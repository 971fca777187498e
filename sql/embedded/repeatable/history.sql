-- What keeps history, as triggers: they see a change whoever makes it. They work on sets, so that a bulk change is fast.

CREATE FUNCTION orders.stamp_transaction() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.changed_in := pg_current_xact_id()::text::bigint;
  NEW.row_version := OLD.row_version + 1;
  RETURN NEW;
END $$;

CREATE TRIGGER transactions_stamp BEFORE UPDATE ON orders.transactions
  FOR EACH ROW EXECUTE FUNCTION orders.stamp_transaction();

CREATE FUNCTION orders.stamp_version() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.row_version := OLD.row_version + 1;
  NEW.changed_at := clock_timestamp();
  NEW.changed_by := imaging.actor();
  RETURN NEW;
END $$;

CREATE TRIGGER products_stamp BEFORE UPDATE ON orders.products
  FOR EACH ROW EXECUTE FUNCTION orders.stamp_version();

CREATE TRIGGER members_stamp BEFORE UPDATE ON orders.members
  FOR EACH ROW EXECUTE FUNCTION orders.stamp_version();

CREATE FUNCTION orders.refuse_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'Nothing is ever removed from here.' USING ERRCODE = 'DK409';
END $$;

CREATE TRIGGER products_keep BEFORE DELETE OR TRUNCATE ON orders.products
  FOR EACH STATEMENT EXECUTE FUNCTION orders.refuse_removal();

CREATE TRIGGER transactions_keep BEFORE DELETE OR TRUNCATE ON orders.transactions
  FOR EACH STATEMENT EXECUTE FUNCTION orders.refuse_removal();

CREATE TRIGGER transaction_items_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON orders.transaction_items
  FOR EACH STATEMENT EXECUTE FUNCTION orders.refuse_removal();

CREATE TRIGGER history_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON orders.history
  FOR EACH STATEMENT EXECUTE FUNCTION orders.refuse_removal();

CREATE FUNCTION orders.described_order(status text, row_version int, quantity int, total_price numeric,
  total_weight numeric, completed_at timestamptz, completed_by text, cancelled_at timestamptz, cancelled_by text)
RETURNS jsonb LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
RETURN jsonb_build_object('status', status, 'rowVersion', row_version, 'quantity', quantity,
  'totalPrice', total_price::text, 'totalWeight', total_weight::text, 'completedAt', completed_at,
  'completedBy', completed_by, 'cancelledAt', cancelled_at, 'cancelledBy', cancelled_by);

CREATE FUNCTION orders.described_product(name text, manufacturer text, cost numeric, weight numeric, is_active boolean,
  row_version int)
RETURNS jsonb LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
RETURN jsonb_build_object('name', name, 'manufacturer', manufacturer, 'cost', cost::text,
  'weight', weight::text, 'isActive', is_active, 'rowVersion', row_version);

CREATE FUNCTION orders.keep_transactions() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO orders.history (entity, entity_id, action, after)
    SELECT 'order', n.transaction_id, 'placed',
           orders.described_order(n.status, n.row_version, n.quantity, n.total_price, n.total_weight,
           n.completed_at, n.completed_by, n.cancelled_at, n.cancelled_by)
    FROM new_rows AS n;
  ELSE
    INSERT INTO orders.history (entity, entity_id, action, before, after, reason)
    SELECT 'order', n.transaction_id,
           CASE WHEN n.status = o.status THEN 'corrected' WHEN n.status = 'pending' THEN 'reopened' ELSE n.status END,
           orders.described_order(o.status, o.row_version, o.quantity, o.total_price, o.total_weight,
           o.completed_at, o.completed_by, o.cancelled_at, o.cancelled_by),
           orders.described_order(n.status, n.row_version, n.quantity, n.total_price, n.total_weight,
           n.completed_at, n.completed_by, n.cancelled_at, n.cancelled_by),
           CASE WHEN n.status = 'pending' AND o.status <> 'pending' THEN n.reopen_reason END
    FROM new_rows AS n JOIN old_rows AS o USING (transaction_id);
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER transactions_history_insert AFTER INSERT ON orders.transactions
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION orders.keep_transactions();
CREATE TRIGGER transactions_history_update AFTER UPDATE ON orders.transactions
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION orders.keep_transactions();

CREATE FUNCTION orders.keep_products() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO orders.history (entity, entity_id, action, after)
    SELECT 'product', n.product_id, 'added',
           orders.described_product(n.name, n.manufacturer, n.cost, n.weight, n.is_active, n.row_version)
    FROM new_rows AS n;
  ELSE
    UPDATE orders.product_history AS h
    SET valid_to = n.changed_at, changed_in = pg_current_xact_id()::text::bigint
    FROM new_rows AS n WHERE h.product_id = n.product_id AND h.valid_to IS NULL;
    INSERT INTO orders.history (entity, entity_id, action, before, after)
    SELECT 'product', n.product_id,
           CASE WHEN n.is_active = o.is_active THEN 'corrected' WHEN n.is_active THEN 'restored' ELSE 'retired' END,
           orders.described_product(o.name, o.manufacturer, o.cost, o.weight, o.is_active, o.row_version),
           orders.described_product(n.name, n.manufacturer, n.cost, n.weight, n.is_active, n.row_version)
    FROM new_rows AS n JOIN old_rows AS o USING (product_id);
  END IF;
  -- A product that is new was changed when and by whom it was made.
  INSERT INTO orders.product_history (product_id, version, name, manufacturer, cost, weight, is_active, actor, valid_from)
  SELECT n.product_id, n.row_version, n.name, n.manufacturer, n.cost, n.weight, n.is_active, n.changed_by, n.changed_at
  FROM new_rows AS n;
  RETURN NULL;
END $$;

CREATE TRIGGER products_history_insert AFTER INSERT ON orders.products
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION orders.keep_products();
CREATE TRIGGER products_history_update AFTER UPDATE ON orders.products
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION orders.keep_products();

CREATE FUNCTION orders.keep_members() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO orders.member_history (member_id, version, membership, status, reason, valid_from)
    SELECT n.member_id, 1, n.membership, n.status, n.status_reason, n.joined_at FROM new_rows AS n;
    RETURN NULL;
  END IF;
  WITH changed AS (
    SELECT n.* FROM new_rows AS n JOIN old_rows AS o USING (member_id)
    WHERE (n.membership, n.status) <> (o.membership, o.status)
  ), closed AS (
    UPDATE orders.member_history AS h
    SET valid_to = c.changed_at, changed_in = pg_current_xact_id()::text::bigint
    FROM changed AS c WHERE h.member_id = c.member_id AND h.valid_to IS NULL
    RETURNING h.member_id, h.version
  )
  INSERT INTO orders.member_history (member_id, version, membership, status, reason, valid_from)
  SELECT c.member_id, closed.version + 1, c.membership, c.status, c.status_reason, c.changed_at
  FROM changed AS c JOIN closed USING (member_id);
  RETURN NULL;
END $$;

CREATE TRIGGER members_history_insert AFTER INSERT ON orders.members
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION orders.keep_members();
CREATE TRIGGER members_history_update AFTER UPDATE ON orders.members
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION orders.keep_members();
