CREATE VIEW sales.products AS
SELECT product_id, name, manufacturer, cost, weight, is_active, created_at, created_by, changed_at, changed_by,
       retired_at, retired_by, row_version
FROM orders.products;
GO
-- Every version that a product had, the present one too.
CREATE VIEW sales.product_history AS
SELECT product_id, version, name, manufacturer, cost, weight, is_active, actor AS changed_by, valid_from AS changed_at
FROM orders.product_history;
GO
CREATE PROCEDURE sales.add_product
  @name nvarchar(4000), @manufacturer nvarchar(4000), @cost decimal(38, 16), @weight decimal(38, 16)
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @product_id bigint, @actor nvarchar(256) = imaging.actor();
  EXEC orders.check_amounts @cost = @cost, @weight = @weight;
  INSERT INTO orders.products (name, manufacturer, cost, weight, created_by, changed_by)
  VALUES (LTRIM(RTRIM(@name)), LTRIM(RTRIM(@manufacturer)), CONVERT(decimal(19, 4), ROUND(@cost, 4)),
          CONVERT(decimal(12, 3), ROUND(@weight, 3)), @actor, @actor);
  SET @product_id = SCOPE_IDENTITY();
  EXEC orders.answer_product @product_id = @product_id;
END;
GO
CREATE PROCEDURE sales.correct_product
  @product_id bigint, @row_version int, @name nvarchar(4000), @manufacturer nvarchar(4000), @cost decimal(38, 16),
  @weight decimal(38, 16)
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  EXEC orders.explain_product @product_id = @product_id, @row_version = @row_version;
  IF EXISTS (SELECT 1 FROM orders.products WHERE product_id = @product_id AND is_active = 0)
    THROW 51409, N'The product is retired. Restore it first.', 1;
  EXEC orders.check_amounts @cost = @cost, @weight = @weight;
  -- Names are compared by their bytes, so that a corrected capital is a correction.
  UPDATE orders.products
  SET name = LTRIM(RTRIM(@name)), manufacturer = LTRIM(RTRIM(@manufacturer)),
      cost = CONVERT(decimal(19, 4), ROUND(@cost, 4)), weight = CONVERT(decimal(12, 3), ROUND(@weight, 3)),
      changed_at = SYSUTCDATETIME(), changed_by = imaging.actor(), row_version = row_version + 1
  WHERE product_id = @product_id AND row_version = @row_version AND is_active = 1
    AND NOT (CONVERT(varbinary(800), name) = CONVERT(varbinary(800), LTRIM(RTRIM(@name)))
             AND CONVERT(varbinary(800), manufacturer) = CONVERT(varbinary(800), LTRIM(RTRIM(@manufacturer)))
             AND cost = @cost AND weight = @weight);
  -- Somebody may have been faster since the first look: then the version tells.
  IF @@ROWCOUNT = 0 EXEC orders.explain_product @product_id = @product_id, @row_version = @row_version;
  EXEC orders.answer_product @product_id = @product_id;
END;
GO
CREATE PROCEDURE sales.retire_product @product_id bigint, @row_version int = NULL AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  UPDATE orders.products
  SET is_active = 0, retired_at = SYSUTCDATETIME(), retired_by = imaging.actor(), changed_at = SYSUTCDATETIME(),
      changed_by = imaging.actor(), row_version = row_version + 1
  WHERE product_id = @product_id AND is_active = 1 AND row_version = COALESCE(@row_version, row_version);
  IF @@ROWCOUNT = 0 AND NOT EXISTS (SELECT 1 FROM orders.products WHERE product_id = @product_id AND is_active = 0)
    EXEC orders.explain_product @product_id = @product_id, @row_version = @row_version;
  EXEC orders.answer_product @product_id = @product_id;
END;
GO
CREATE PROCEDURE sales.restore_product @product_id bigint, @row_version int = NULL AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  UPDATE orders.products
  SET is_active = 1, retired_at = NULL, retired_by = NULL, changed_at = SYSUTCDATETIME(), changed_by = imaging.actor(),
      row_version = row_version + 1
  WHERE product_id = @product_id AND is_active = 0 AND row_version = COALESCE(@row_version, row_version);
  IF @@ROWCOUNT = 0 AND NOT EXISTS (SELECT 1 FROM orders.products WHERE product_id = @product_id AND is_active = 1)
    EXEC orders.explain_product @product_id = @product_id, @row_version = @row_version;
  EXEC orders.answer_product @product_id = @product_id;
END;
GO
CREATE PROCEDURE sales.import_products @rows nvarchar(max), @dry_run bit AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @actor nvarchar(256) = imaging.actor();
  DECLARE @given TABLE (
    line int NOT NULL PRIMARY KEY, id_text nvarchar(4000) NULL, name nvarchar(4000) NULL,
    manufacturer nvarchar(4000) NULL, cost_text nvarchar(4000) NULL, weight_text nvarchar(4000) NULL,
    cost decimal(38, 16) NULL, weight decimal(38, 16) NULL, known bigint NULL, same_id bigint NULL,
    active_after bit NULL, nth_name int NULL, nth_product int NULL, outcome nvarchar(10) NULL, seen int NULL
  );
  DECLARE @faults TABLE (
    line int NOT NULL, column_name nvarchar(20) NOT NULL, value nvarchar(4000) NULL, reason nvarchar(200) NOT NULL
  );
  IF COALESCE(ISJSON(@rows), 0) = 0 THROW 51422, N'The rows are an array in JSON.', 1;
  IF (SELECT COUNT(*) FROM OPENJSON(@rows)) > 20000
    THROW 51422, N'At most 20000 products can be imported at once.', 1;

  BEGIN TRANSACTION;
  -- One import at a time, and no other change meanwhile, so that what was compared is what is written.
  EXEC imaging.take_lock @name = N'darkroom-products', @mode = N'Exclusive';
  DECLARE @products bigint = (SELECT COUNT_BIG(*) FROM orders.products WITH (TABLOCK, HOLDLOCK));
  INSERT INTO @given (line, id_text, name, manufacturer, cost_text, weight_text, active_after, seen)
  SELECT CONVERT(int, JSON_VALUE(r.value, '$.line')), NULLIF(LTRIM(RTRIM(JSON_VALUE(r.value, '$.productId'))), N''),
         LTRIM(RTRIM(JSON_VALUE(r.value, '$.name'))), LTRIM(RTRIM(JSON_VALUE(r.value, '$.manufacturer'))),
         LTRIM(RTRIM(JSON_VALUE(r.value, '$.cost'))), LTRIM(RTRIM(JSON_VALUE(r.value, '$.weight'))),
         CASE JSON_VALUE(r.value, '$.isActive') WHEN N'true' THEN 1 WHEN N'false' THEN 0 END,
         CONVERT(int, JSON_VALUE(r.value, '$.rowVersion'))
  FROM OPENJSON(@rows) AS r;
  -- Digits and one point only: no sign, no exponent, no currency.
  UPDATE @given
  SET cost = TRY_CONVERT(decimal(38, 16), CASE
        WHEN cost_text NOT LIKE N'%[^0-9.]%' AND cost_text LIKE N'[0-9]%' AND cost_text NOT LIKE N'%.'
        THEN LEFT(cost_text, 60) END),
      weight = TRY_CONVERT(decimal(38, 16), CASE
        WHEN weight_text NOT LIKE N'%[^0-9.]%' AND weight_text LIKE N'[0-9]%' AND weight_text NOT LIKE N'%.'
        THEN LEFT(weight_text, 60) END);
  UPDATE g
  SET same_id = p.product_id
  FROM @given AS g JOIN orders.products AS p ON p.name = g.name AND p.manufacturer = g.manufacturer;
  UPDATE g
  SET known = CASE WHEN g.id_text IS NULL THEN g.same_id ELSE p.product_id END
  FROM @given AS g LEFT JOIN orders.products AS p ON p.product_id = TRY_CONVERT(bigint, LEFT(g.id_text, 40));
  UPDATE g
  SET nth_name = CASE WHEN g.name IS NOT NULL AND g.manufacturer IS NOT NULL THEN n.nth_name END,
      nth_product = CASE WHEN g.known IS NOT NULL THEN n.nth_product END
  FROM @given AS g
  JOIN (
    SELECT line, ROW_NUMBER() OVER (PARTITION BY name, manufacturer ORDER BY line) AS nth_name,
           ROW_NUMBER() OVER (PARTITION BY known ORDER BY line) AS nth_product
    FROM @given
  ) AS n ON n.line = g.line;

  INSERT INTO @faults (line, column_name, value, reason)
  SELECT line, N'productId', id_text, N'There is no such product.' FROM @given
  WHERE id_text IS NOT NULL AND known IS NULL
  UNION ALL
  SELECT line, N'productId', id_text, N'The product is in the file twice.' FROM @given WHERE nth_product > 1
  UNION ALL
  SELECT line, N'name', name, CASE WHEN COALESCE(name, N'') = N'' THEN N'A name is needed.'
      WHEN DATALENGTH(name) > 400 THEN N'A name has at most 200 characters.'
      WHEN nth_name > 1 THEN N'The manufacturer''s product is in the file twice.'
      ELSE N'Another product of the manufacturer has this name.' END
  FROM @given
  WHERE COALESCE(name, N'') = N'' OR DATALENGTH(name) > 400 OR nth_name > 1 OR (id_text IS NOT NULL AND same_id <> known)
  UNION ALL
  SELECT line, N'manufacturer', manufacturer, CASE WHEN COALESCE(manufacturer, N'') = N''
      THEN N'A manufacturer is needed.' ELSE N'A manufacturer has at most 200 characters.' END
  FROM @given WHERE COALESCE(manufacturer, N'') = N'' OR DATALENGTH(manufacturer) > 400
  UNION ALL
  SELECT line, N'cost', cost_text, N'A cost is from 0 to 999999999.9999, with at most 4 decimals.' FROM @given
  WHERE cost IS NULL OR cost > 999999999.9999 OR cost <> ROUND(cost, 4, 1)
  UNION ALL
  SELECT line, N'weight', weight_text, N'A weight is from 0 to 99999.999 kg, with at most 3 decimals.' FROM @given
  WHERE weight IS NULL OR weight > 99999.999 OR weight <> ROUND(weight, 3, 1);

  UPDATE g
  SET outcome = CASE
    WHEN p.product_id IS NULL THEN N'added'
    WHEN CONVERT(varbinary(800), p.name) = CONVERT(varbinary(800), g.name)
         AND CONVERT(varbinary(800), p.manufacturer) = CONVERT(varbinary(800), g.manufacturer)
         AND p.cost = g.cost AND p.weight = g.weight
         AND p.is_active = COALESCE(g.active_after, p.is_active) THEN N'unchanged'
    ELSE N'changed' END,
      active_after = COALESCE(g.active_after, p.is_active, 1)
  FROM @given AS g LEFT JOIN orders.products AS p ON p.product_id = g.known
  WHERE NOT EXISTS (SELECT 1 FROM @faults AS f WHERE f.line = g.line);
  INSERT INTO @faults (line, column_name, value, reason)
  SELECT g.line, N'productId', CONVERT(nvarchar(20), g.known), CASE WHEN p.is_active = 0 AND g.active_after = 0
      THEN N'The product is retired. Restore it first.' ELSE N'Somebody changed the product since it was read.' END
  FROM @given AS g JOIN orders.products AS p ON p.product_id = g.known
  WHERE g.outcome = N'changed' AND (p.is_active = 0 AND g.active_after = 0 OR g.seen <> p.row_version);

  IF @dry_run = 0 AND NOT EXISTS (SELECT 1 FROM @faults)
  BEGIN
    UPDATE p
    SET name = g.name, manufacturer = g.manufacturer, cost = CONVERT(decimal(19, 4), ROUND(g.cost, 4)),
        weight = CONVERT(decimal(12, 3), ROUND(g.weight, 3)), changed_at = SYSUTCDATETIME(), changed_by = @actor,
        is_active = g.active_after, retired_at = CASE WHEN g.active_after = 0 THEN SYSUTCDATETIME() END,
        retired_by = CASE WHEN g.active_after = 0 THEN @actor END,
        row_version = p.row_version + 1
    FROM orders.products AS p JOIN @given AS g ON g.known = p.product_id
    WHERE g.outcome = N'changed';
    INSERT INTO orders.products (name, manufacturer, cost, weight, created_by, changed_by, is_active, retired_at, retired_by)
    SELECT name, manufacturer, CONVERT(decimal(19, 4), ROUND(cost, 4)), CONVERT(decimal(12, 3), ROUND(weight, 3)),
           @actor, @actor, active_after, CASE WHEN active_after = 0 THEN SYSUTCDATETIME() END,
           CASE WHEN active_after = 0 THEN @actor END
    FROM @given WHERE outcome = N'added' ORDER BY line;
    UPDATE g
    SET known = p.product_id
    FROM @given AS g JOIN orders.products AS p ON p.name = g.name AND p.manufacturer = g.manufacturer
    WHERE g.outcome = N'added';
  END;
  COMMIT;
  SELECT g.line, CASE WHEN f.line IS NULL THEN g.outcome ELSE N'invalid' END AS outcome,
         CASE WHEN f.line IS NULL OR g.outcome IS NOT NULL THEN g.known END AS product_id, f.column_name, f.value, f.reason
  FROM @given AS g LEFT JOIN @faults AS f ON f.line = g.line
  ORDER BY g.line, f.column_name;
END;
