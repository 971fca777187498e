CREATE VIEW sales.products AS
SELECT product_id, name, manufacturer, cost, weight, is_active, created_at, created_by, changed_at, changed_by,
       retired_at, retired_by, row_version
FROM orders.products;

-- Every version that a product had, the present one too.
CREATE VIEW sales.product_history AS
SELECT product_id, version, name, manufacturer, cost, weight, is_active, actor AS changed_by, valid_from AS changed_at
FROM orders.product_history;

CREATE FUNCTION sales.add_product(p_name text, p_manufacturer text, p_cost numeric, p_weight numeric)
RETURNS SETOF sales.products LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  id bigint;
BEGIN
  PERFORM orders.check_amounts(p_cost, p_weight);
  INSERT INTO orders.products AS p (name, manufacturer, cost, weight)
  VALUES (btrim(p_name), btrim(p_manufacturer), p_cost, p_weight)
  RETURNING p.product_id INTO id;
  RETURN QUERY SELECT v.* FROM sales.products AS v WHERE v.product_id = id;
END $$;

CREATE FUNCTION sales.correct_product(
  p_product_id bigint, p_row_version integer, p_name text, p_manufacturer text, p_cost numeric, p_weight numeric
) RETURNS SETOF sales.products LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  known orders.products := orders.seen_product(p_product_id, p_row_version);
BEGIN
  IF NOT known.is_active THEN
    RAISE EXCEPTION 'The product is retired. Restore it first.' USING ERRCODE = 'DK409';
  END IF;
  PERFORM orders.check_amounts(p_cost, p_weight);
  UPDATE orders.products AS p
  SET name = btrim(p_name), manufacturer = btrim(p_manufacturer), cost = p_cost, weight = p_weight
  WHERE p.product_id = p_product_id
    AND (p.name COLLATE "C", p.manufacturer COLLATE "C", p.cost, p.weight) IS DISTINCT FROM
        (btrim(p_name), btrim(p_manufacturer), p_cost, p_weight);
  RETURN QUERY SELECT v.* FROM sales.products AS v WHERE v.product_id = p_product_id;
END $$;

CREATE FUNCTION sales.retire_product(p_product_id bigint, p_row_version integer DEFAULT NULL)
RETURNS SETOF sales.products LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM orders.seen_product(p_product_id, NULL);
  IF EXISTS (SELECT FROM orders.products AS p WHERE p.product_id = p_product_id AND p.is_active) THEN
    PERFORM orders.seen_product(p_product_id, p_row_version);
    UPDATE orders.products AS p
    SET is_active = false, retired_at = clock_timestamp(), retired_by = imaging.actor()
    WHERE p.product_id = p_product_id;
  END IF;
  RETURN QUERY SELECT v.* FROM sales.products AS v WHERE v.product_id = p_product_id;
END $$;

CREATE FUNCTION sales.restore_product(p_product_id bigint, p_row_version integer DEFAULT NULL)
RETURNS SETOF sales.products LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM orders.seen_product(p_product_id, NULL);
  IF EXISTS (SELECT FROM orders.products AS p WHERE p.product_id = p_product_id AND NOT p.is_active) THEN
    PERFORM orders.seen_product(p_product_id, p_row_version);
    UPDATE orders.products AS p SET is_active = true, retired_at = NULL, retired_by = NULL
    WHERE p.product_id = p_product_id;
  END IF;
  RETURN QUERY SELECT v.* FROM sales.products AS v WHERE v.product_id = p_product_id;
END $$;

CREATE FUNCTION sales.import_products(p_rows jsonb, p_dry_run boolean)
RETURNS TABLE (line integer, outcome text, product_id bigint, column_name text, value text, reason text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  results jsonb;
BEGIN
  IF jsonb_array_length(p_rows) > 20000 THEN
    RAISE EXCEPTION 'At most 20000 products can be imported at once.' USING ERRCODE = 'DK422';
  END IF;
  -- One import at a time, and no other change meanwhile, so that what was compared is what is written.
  LOCK TABLE orders.products IN SHARE ROW EXCLUSIVE MODE;
  WITH given AS (
    SELECT r.line, r."productId" AS id_text, btrim(r.name) COLLATE orders.names AS name,
           btrim(r.manufacturer) COLLATE orders.names AS manufacturer,
           btrim(r.cost) AS cost, btrim(r.weight) AS weight, r."isActive" AS wanted, r."rowVersion" AS seen,
           CASE WHEN btrim(r."productId") ~ '^\d{1,18}$' THEN btrim(r."productId")::bigint END AS id
    FROM jsonb_to_recordset(p_rows)
      AS r (line integer, "productId" text, name text, manufacturer text, cost text, weight text, "isActive" boolean,
            "rowVersion" integer)
  ), matched AS (
    SELECT g.*, coalesce(btrim(g.id_text), '') <> '' AS by_id, p.product_id AS known, p.is_active,
           coalesce(g.wanted, p.is_active, true) AS active_after,
           p.name AS old_name, p.manufacturer AS old_manufacturer, p.cost AS old_cost, p.weight AS old_weight,
           p.row_version,
           row_number() OVER (PARTITION BY g.name, g.manufacturer ORDER BY g.line) AS nth_name,
           row_number() OVER (PARTITION BY p.product_id ORDER BY g.line) AS nth_product,
           same.product_id AS same_id
    FROM given AS g
    LEFT JOIN orders.products AS same ON same.name = g.name AND same.manufacturer = g.manufacturer
    LEFT JOIN orders.products AS p
      ON p.product_id = CASE WHEN coalesce(btrim(g.id_text), '') <> '' THEN g.id ELSE same.product_id END
  ), faults AS (
    SELECT m.line, f.*
    FROM matched AS m
    CROSS JOIN LATERAL (VALUES
      ('productId', m.id_text, CASE
        WHEN m.by_id AND m.known IS NULL THEN 'There is no such product.'
        WHEN m.known IS NOT NULL AND m.nth_product > 1 THEN 'The product is in the file twice.' END),
      ('name', m.name, CASE
        WHEN coalesce(m.name, '') = '' THEN 'A name is needed.'
        WHEN imaging.utf16_length(m.name) > 200 THEN 'A name has at most 200 characters.'
        WHEN m.nth_name > 1 THEN 'The manufacturer''s product is in the file twice.'
        WHEN m.by_id AND m.same_id <> m.known THEN 'Another product of the manufacturer has this name.' END),
      ('manufacturer', m.manufacturer, CASE
        WHEN coalesce(m.manufacturer, '') = '' THEN 'A manufacturer is needed.'
        WHEN imaging.utf16_length(m.manufacturer) > 200 THEN 'A manufacturer has at most 200 characters.' END),
      ('cost', m.cost, CASE WHEN coalesce(m.cost, '') !~ '^\d{1,9}(\.\d{1,4})?$'
        THEN 'A cost is from 0 to 999999999.9999, with at most 4 decimals.' END),
      ('weight', m.weight, CASE WHEN coalesce(m.weight, '') !~ '^\d{1,5}(\.\d{1,3})?$'
        THEN 'A weight is from 0 to 99999.999 kg, with at most 3 decimals.' END)
    ) AS f (column_name, value, reason)
    WHERE f.reason IS NOT NULL
  ), compared AS (
    SELECT m.*, CASE
        WHEN m.known IS NULL THEN 'added'
        WHEN (m.name COLLATE "C", m.manufacturer COLLATE "C", m.cost::numeric, m.weight::numeric, m.active_after)
             IS NOT DISTINCT FROM (m.old_name, m.old_manufacturer, m.old_cost, m.old_weight, m.is_active) THEN 'unchanged'
        ELSE 'changed' END AS outcome
    FROM matched AS m
    WHERE NOT EXISTS (SELECT FROM faults AS f WHERE f.line = m.line)
  )
  SELECT coalesce(jsonb_agg(to_jsonb(r) ORDER BY r.line), '[]') INTO results FROM (
    SELECT line, 'invalid' AS outcome, NULL::bigint AS product_id, column_name, value, reason,
           NULL AS name, NULL AS manufacturer, NULL AS cost, NULL AS weight, NULL::boolean AS active_after
    FROM faults
    UNION ALL
    SELECT line, CASE WHEN refusal IS NULL THEN outcome ELSE 'invalid' END, known,
           CASE WHEN refusal IS NOT NULL THEN 'productId' END, CASE WHEN refusal IS NOT NULL THEN known::text END,
           refusal, name, manufacturer, cost, weight, active_after
    FROM (
      SELECT c.*, CASE WHEN outcome = 'changed' THEN CASE
          WHEN NOT is_active AND NOT active_after THEN 'The product is retired. Restore it first.'
          WHEN seen <> row_version THEN 'Somebody changed the product since it was read.' END END AS refusal
      FROM compared AS c
    ) AS c
  ) AS r;

  IF NOT p_dry_run AND NOT results @> '[{"outcome": "invalid"}]' THEN
    UPDATE orders.products AS p
    SET name = r.name, manufacturer = r.manufacturer, cost = r.cost::numeric, weight = r.weight::numeric,
        is_active = r.active_after, retired_at = CASE WHEN NOT r.active_after THEN clock_timestamp() END,
        retired_by = CASE WHEN NOT r.active_after THEN imaging.actor() END
    FROM jsonb_to_recordset(results)
      AS r (outcome text, product_id bigint, name text, manufacturer text, cost text, weight text, active_after boolean)
    WHERE r.outcome = 'changed' AND p.product_id = r.product_id;
    INSERT INTO orders.products (name, manufacturer, cost, weight, is_active, retired_at, retired_by)
    SELECT r.name, r.manufacturer, r.cost::numeric, r.weight::numeric, r.active_after,
           CASE WHEN NOT r.active_after THEN clock_timestamp() END, CASE WHEN NOT r.active_after THEN imaging.actor() END
    FROM jsonb_to_recordset(results)
      AS r (line integer, outcome text, name text, manufacturer text, cost text, weight text, active_after boolean)
    WHERE r.outcome = 'added'
    ORDER BY r.line;
  END IF;
  RETURN QUERY
  SELECT r.line, r.outcome, coalesce(r.product_id, p.product_id), r.column_name, r.value, r.reason
  FROM jsonb_to_recordset(results)
    AS r (line integer, outcome text, product_id bigint, column_name text, value text, reason text, name text,
          manufacturer text)
  LEFT JOIN orders.products AS p
    ON r.outcome = 'added' AND p.name = r.name COLLATE orders.names
      AND p.manufacturer = r.manufacturer COLLATE orders.names
  ORDER BY r.line, r.column_name;
END $$;
