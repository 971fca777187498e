CREATE VIEW logistics.orders AS
SELECT transaction_id AS order_id, placed_day, placed_at, status, line_count AS lines, quantity, total_weight,
       total_price, completed_at, completed_by, cancelled_at, row_version
FROM orders.transactions;
GO
CREATE VIEW logistics.order_items AS
SELECT i.transaction_id AS order_id, i.line, i.product_id, p.name AS product_name, p.manufacturer, i.quantity,
       i.unit_weight, CONVERT(decimal(12, 3), i.quantity * i.unit_weight) AS weight, i.unit_price,
       CONVERT(decimal(19, 4), i.quantity * i.unit_price) AS price
FROM orders.transaction_items AS i
JOIN orders.products AS p ON p.product_id = i.product_id;
GO
CREATE VIEW logistics.daily AS
SELECT placed_day AS day, SUM(orders) AS orders,
       SUM(CASE WHEN status = N'pending' THEN orders ELSE 0 END) AS pending,
       SUM(CASE WHEN status = N'completed' THEN orders ELSE 0 END) AS completed,
       SUM(CASE WHEN status = N'cancelled' THEN orders ELSE 0 END) AS cancelled,
       CONVERT(decimal(28, 3), SUM(CASE WHEN status <> N'cancelled' THEN total_weight ELSE 0 END)) AS total_weight,
       CONVERT(decimal(28, 4), SUM(CASE WHEN status <> N'cancelled' THEN total_price ELSE 0 END)) AS total_price
FROM orders.daily_totals
GROUP BY placed_day;
GO
CREATE PROCEDURE logistics.complete_order @order_id bigint, @row_version int = NULL AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @status nvarchar(20), @actor nvarchar(256) = imaging.actor();
  UPDATE orders.transactions
  SET status = N'completed', completed_at = SYSUTCDATETIME(), completed_by = @actor, row_version = row_version + 1
  WHERE transaction_id = @order_id AND status = N'pending' AND row_version = COALESCE(@row_version, row_version);
  IF @@ROWCOUNT = 0
  BEGIN
    SELECT @status = status FROM orders.transactions WHERE transaction_id = @order_id;
    IF @status IS NULL THROW 51404, N'There is no such order.', 1;
    IF @status = N'cancelled' THROW 51409, N'The order is cancelled, so it cannot be completed.', 1;
    IF @status = N'pending' THROW 51412, N'Somebody changed the order since you read it.', 1;
  END;
  EXEC orders.answer_order @order_id = @order_id;
END;
GO
CREATE PROCEDURE logistics.complete_orders @orders nvarchar(max) AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @list TABLE (n int NOT NULL PRIMARY KEY, order_id bigint NULL, row_version int NULL);
  DECLARE @seen TABLE (order_id bigint NOT NULL PRIMARY KEY, row_version int NOT NULL);
  DECLARE @done TABLE (order_id bigint NOT NULL PRIMARY KEY);
  DECLARE @actor nvarchar(256) = imaging.actor();
  IF COALESCE(ISJSON(@orders), 0) = 0 THROW 51422, N'The orders are an array in JSON.', 1;
  INSERT INTO @list (n, order_id, row_version)
  SELECT CONVERT(int, o.[key]), TRY_CONVERT(bigint, JSON_VALUE(o.value, '$.orderId')),
         TRY_CONVERT(int, JSON_VALUE(o.value, '$.rowVersion'))
  FROM OPENJSON(@orders) AS o;
  IF (SELECT COUNT(*) FROM @list) > 1000 THROW 51422, N'At most 1000 orders can be completed at once.', 1;
  IF EXISTS (SELECT 1 FROM @list WHERE order_id IS NULL OR row_version IS NULL)
    THROW 51422, N'Each order needs its id and the version that was seen.', 1;

  INSERT INTO @seen (order_id, row_version) SELECT order_id, MIN(row_version) FROM @list GROUP BY order_id;

  -- One statement, so that the triggers and the daily sums have their work once. It takes the orders by their
  -- ids and the sums by their keys, so two requests wait for each other instead of deadlocking.
  UPDATE t
  SET status = N'completed', completed_at = SYSUTCDATETIME(), completed_by = @actor, row_version = t.row_version + 1
  OUTPUT inserted.transaction_id INTO @done (order_id)
  FROM @seen AS s
  JOIN orders.transactions AS t ON t.transaction_id = s.order_id
  WHERE t.status = N'pending' AND t.row_version = s.row_version;
  SELECT l.order_id,
         CASE WHEN d.order_id IS NOT NULL THEN N'done' WHEN t.status = N'completed' THEN N'already-done'
              ELSE N'refused' END AS outcome,
         CASE WHEN d.order_id IS NOT NULL OR t.status = N'completed' THEN NULL WHEN t.status IS NULL THEN N'not-found'
              WHEN t.status = N'cancelled' THEN N'cancelled' ELSE N'changed' END AS reason,
         t.completed_at, t.completed_by, t.row_version
  FROM @list AS l
  LEFT JOIN @done AS d ON d.order_id = l.order_id
  LEFT JOIN orders.transactions AS t ON t.transaction_id = l.order_id
  ORDER BY l.n;
END;
