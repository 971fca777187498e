-- What is kept of one person, and its end. Each question about a person is written down with who asked and why.

CREATE VIEW operations.person_requests AS
SELECT sequence, at, actor, action, kind, subject, reason, result FROM orders.person_requests;

CREATE FUNCTION operations.record_person_request(
  p_action text, p_kind text, p_subject text, p_reason text, p_result jsonb, p_at timestamptz
) RETURNS TABLE (sequence bigint) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  IF btrim(coalesce(p_reason, '')) = '' THEN
    RAISE EXCEPTION 'Say why.' USING ERRCODE = 'DK422';
  END IF;
  RETURN QUERY
  INSERT INTO orders.person_requests AS r (at, action, kind, subject, reason, result)
  VALUES (p_at, p_action, p_kind, p_subject, p_reason, p_result)
  RETURNING r.sequence;
END $$;

-- For the service alone: somebody who signs in himself could take the audit entry back with his transaction, and keep what
-- he read.
CREATE FUNCTION operations.export_member(p_member_id bigint, p_reason text, p_at timestamptz)
RETURNS TABLE (member_key uuid, name text, email text, date_of_birth date, mobile text, membership text, status text,
               joined_at timestamptz, history jsonb, orders jsonb, sequence bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  known orders.members;
  seq   bigint;
BEGIN
  IF NOT pg_has_role(session_user, 'application', 'MEMBER') THEN
    RAISE EXCEPTION 'Ask the service, which writes down who asked.' USING ERRCODE = 'DK403';
  END IF;
  SELECT m.* INTO known FROM orders.members AS m WHERE m.member_id = p_member_id;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'There is no such member.' USING ERRCODE = 'DK404';
  END IF;
  SELECT r.sequence INTO seq FROM operations.record_person_request('export', 'member', known.member_key::text, p_reason,
    '{}', p_at) AS r;
  RETURN QUERY SELECT known.member_key, known.name::text, known.email::text, known.date_of_birth, known.mobile::text,
    known.membership::text, known.status::text, known.joined_at,
    (SELECT coalesce(jsonb_agg(jsonb_build_object('version', h.version, 'membership', h.membership, 'status', h.status,
              'reason', h.reason) ORDER BY h.version), '[]')
     FROM orders.member_history AS h WHERE h.member_id = p_member_id),
    (SELECT coalesce(jsonb_agg(jsonb_build_object('orderId', t.transaction_id, 'status', t.status, 'placedAt',
              imaging.instant_text(t.placed_at), 'totalPrice', t.total_price::text, 'totalWeight', t.total_weight::text,
              'items', (SELECT jsonb_agg(jsonb_build_object('productId', i.product_id, 'product', p.name, 'quantity',
                                 i.quantity, 'unitPrice', i.unit_price::text) ORDER BY i.line)
                        FROM orders.transaction_items AS i JOIN orders.products AS p ON p.product_id = i.product_id
                        WHERE i.transaction_id = t.transaction_id)) ORDER BY t.transaction_id), '[]')
     FROM orders.transactions AS t WHERE t.member_id = p_member_id),
    seq;
END $$;

-- Orders, sums and the key stay; what names or describes the person becomes that key. `exists`: it was done before.
-- With a key only if it is that member's.
CREATE FUNCTION operations.erase_member(
  p_member_id bigint, p_reason text, p_dry_run boolean, p_at timestamptz, p_member_key uuid DEFAULT NULL
) RETURNS TABLE (outcome text, member_key uuid, orders bigint, total_price numeric, sequence bigint, erased_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  known   orders.members;
  earlier orders.person_requests;
  n       bigint;
  total   decimal(19, 4);
  seq     bigint;
BEGIN
  IF btrim(coalesce(p_reason, '')) = '' THEN
    RAISE EXCEPTION 'Say why.' USING ERRCODE = 'DK422';
  END IF;
  SELECT m.* INTO known FROM orders.members AS m
  WHERE m.member_id = p_member_id AND (p_member_key IS NULL OR m.member_key = p_member_key) FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'There is no such member.' USING ERRCODE = 'DK404';
  END IF;
  SELECT count(*), coalesce(sum(t.total_price), 0) INTO n, total
  FROM orders.transactions AS t WHERE t.member_id = p_member_id;
  IF p_dry_run THEN
    PERFORM operations.record_person_request('count', 'member', known.member_key::text, p_reason,
      jsonb_build_object('orders', n, 'totalPrice', total::text), p_at);
  END IF;
  SELECT r.* INTO earlier FROM orders.person_requests AS r
  WHERE r.subject = known.member_key::text AND r.kind = 'member' AND r.action = 'erase'
  ORDER BY r.sequence LIMIT 1;
  IF FOUND AND known.name = known.member_key::text THEN
    RETURN QUERY SELECT 'exists', known.member_key, n, total, earlier.sequence, earlier.at;
    RETURN;
  END IF;
  IF NOT p_dry_run THEN
    UPDATE orders.members AS m
    SET name = m.member_key::text, email = m.member_key::text || '@erased.invalid', date_of_birth = '1900-01-01',
        mobile = left(m.member_key::text, 30), status = 'ended', status_reason = NULL
    WHERE m.member_id = p_member_id;
    UPDATE orders.member_history AS h SET reason = NULL WHERE h.member_id = p_member_id AND h.reason IS NOT NULL;
    SELECT r.sequence INTO seq FROM operations.record_person_request('erase', 'member', known.member_key::text, p_reason,
      jsonb_build_object('orders', n, 'totalPrice', total::text), p_at) AS r;
  END IF;
  RETURN QUERY SELECT CASE WHEN p_dry_run THEN 'found' ELSE 'erased' END, known.member_key, n, total, seq, p_at;
END $$;

CREATE TRIGGER person_requests_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON orders.person_requests
  FOR EACH STATEMENT EXECUTE FUNCTION orders.refuse_removal();
