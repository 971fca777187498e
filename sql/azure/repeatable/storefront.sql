CREATE VIEW storefront.products AS
SELECT product_id, name, manufacturer, cost, weight FROM orders.products WHERE is_active = 1;
GO
CREATE VIEW storefront.members AS
SELECT member_id, CONCAT(N'M', RIGHT(CONCAT(N'000000000', member_id), 9)) AS membership_id, membership, status
FROM orders.members;
GO
CREATE VIEW storefront.orders AS
SELECT transaction_id AS order_id, member_id, status, line_count AS lines, quantity, total_weight, total_price,
       placed_at, row_version
FROM orders.transactions;
GO
CREATE PROCEDURE storefront.register_member
  @name nvarchar(4000), @email nvarchar(4000), @date_of_birth date, @mobile nvarchar(4000), @membership nvarchar(4000)
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @member_id bigint, @actor nvarchar(256) = imaging.actor();
  INSERT INTO orders.members (name, email, date_of_birth, mobile, membership, status, joined_at, created_by, changed_at,
                              changed_by)
  VALUES (@name, @email, @date_of_birth, @mobile, @membership, N'active', SYSUTCDATETIME(), @actor, SYSUTCDATETIME(),
          @actor);
  SET @member_id = SCOPE_IDENTITY();
  SELECT member_id, membership_id, status FROM storefront.members WHERE member_id = @member_id;
END;
GO
CREATE PROCEDURE storefront.change_membership
  @member_id bigint, @membership nvarchar(4000), @status nvarchar(4000), @reason nvarchar(4000)
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @actor nvarchar(256) = imaging.actor();
  IF NOT EXISTS (SELECT 1 FROM orders.members WHERE member_id = @member_id)
    THROW 51404, N'There is no such member.', 1;
  IF LTRIM(RTRIM(COALESCE(@reason, N''))) = N''
     AND EXISTS (SELECT 1 FROM orders.members
                 WHERE member_id = @member_id AND (membership <> @membership OR status <> @status))
    THROW 51422, N'Say why the membership changes.', 1;
  UPDATE orders.members
  SET membership = @membership, status = @status, status_reason = @reason, changed_at = SYSUTCDATETIME(),
      changed_by = @actor, row_version = row_version + 1
  WHERE member_id = @member_id AND (membership <> @membership OR status <> @status);
  SELECT member_id, membership, status, row_version FROM orders.members WHERE member_id = @member_id;
END;
GO
CREATE PROCEDURE storefront.place_order
  @member_id bigint, @request_key nvarchar(4000), @items nvarchar(max), @placed_at datetime2(3) = NULL
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @order_id bigint, @status nvarchar(20), @membership nvarchar(20), @outcome nvarchar(10) = N'exists';
  DECLARE @lock nvarchar(200) = CONCAT(N'darkroom-member-', @member_id), @text nvarchar(400);
  DECLARE @lines TABLE (
    line int NOT NULL PRIMARY KEY, product_id bigint NULL, quantity int NULL, name nvarchar(200) NULL, is_active bit NULL,
    version int NULL, cost decimal(19, 4) NULL, weight decimal(12, 3) NULL
  );
  IF COALESCE(ISJSON(@items), 0) = 0 THROW 51422, N'The items are an array in JSON.', 1;

  BEGIN TRANSACTION;
  -- Two requests with one key queue up here.
  EXEC imaging.take_lock @name = @lock, @mode = N'Exclusive';
  -- The member stays as they are until the order is placed.
  SELECT @status = status, @membership = membership FROM orders.members WITH (UPDLOCK) WHERE member_id = @member_id;
  IF @status IS NULL THROW 51404, N'There is no such member.', 1;
  SELECT @order_id = transaction_id FROM orders.transactions
  WHERE member_id = @member_id AND request_key = @request_key;
  IF @order_id IS NULL
  BEGIN
    IF @status <> N'active'
    BEGIN
      SET @text = CONCAT(N'The member is ', @status, N', and only members in good standing can buy.');
      THROW 51409, @text, 1;
    END;
    IF LTRIM(RTRIM(COALESCE(@request_key, N''))) = N'' THROW 51422, N'An order needs a request key.', 1;
    -- One statement reads all prices, versions and states, so they belong together.
    INSERT INTO @lines (line, product_id, quantity, name, is_active, version, cost, weight)
    SELECT CONVERT(int, i.[key]) + 1, p.product_id, TRY_CONVERT(int, JSON_VALUE(i.value, '$.quantity')), p.name,
           p.is_active, p.row_version, p.cost, p.weight
    FROM OPENJSON(@items) AS i
    LEFT JOIN orders.products AS p ON p.product_id = TRY_CONVERT(bigint, JSON_VALUE(i.value, '$.productId'));
    IF (SELECT COUNT(*) FROM @lines) NOT BETWEEN 1 AND 500 THROW 51422, N'An order has 1 to 500 items.', 1;
    IF EXISTS (SELECT 1 FROM @lines WHERE quantity IS NULL OR quantity NOT BETWEEN 1 AND 10000)
      THROW 51422, N'A quantity is a whole number from 1 to 10000.', 1;
    IF EXISTS (SELECT 1 FROM @lines WHERE product_id IS NULL) THROW 51404, N'There is no such product.', 1;
    IF EXISTS (SELECT 1 FROM @lines WHERE is_active = 0)
    BEGIN
      SELECT @text = CONCAT(N'The product "', MIN(name), N'" is retired.') FROM @lines WHERE is_active = 0;
      THROW 51409, @text, 1;
    END;
    INSERT INTO orders.transactions (member_id, request_key, membership, line_count, quantity, total_price, total_weight,
                                     placed_at, placed_day, placed_by)
    SELECT @member_id, @request_key, @membership, COUNT(*), SUM(quantity), SUM(quantity * cost), SUM(quantity * weight),
           COALESCE(@placed_at, SYSUTCDATETIME()), CONVERT(date, COALESCE(@placed_at, SYSUTCDATETIME())), imaging.actor()
    FROM @lines;
    SET @order_id = SCOPE_IDENTITY();
    INSERT INTO orders.transaction_items (transaction_id, line, product_id, product_version, quantity, unit_price,
                                          unit_weight)
    SELECT @order_id, line, product_id, version, quantity, cost, weight FROM @lines;
    SET @outcome = N'created';
  END;
  COMMIT;
  SELECT transaction_id AS order_id, @outcome AS outcome, status, CONVERT(varchar(40), total_price) AS total_price,
         CONVERT(varchar(40), total_weight) AS total_weight, placed_at, row_version
  FROM orders.transactions WHERE transaction_id = @order_id;
END;
GO
CREATE PROCEDURE storefront.cancel_order @order_id bigint AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  -- The condition is in the statement that changes: of two that race, one finds it no longer true.
  UPDATE orders.transactions
  SET status = N'cancelled', cancelled_at = SYSUTCDATETIME(), cancelled_by = imaging.actor(),
      row_version = row_version + 1
  WHERE transaction_id = @order_id AND status = N'pending';
  IF NOT EXISTS (SELECT 1 FROM orders.transactions WHERE transaction_id = @order_id)
    THROW 51404, N'There is no such order.', 1;
  IF EXISTS (SELECT 1 FROM orders.transactions WHERE transaction_id = @order_id AND status = N'completed')
    THROW 51409, N'The order is completed, so it cannot be cancelled.', 1;
  SELECT transaction_id AS order_id, status, row_version FROM orders.transactions WHERE transaction_id = @order_id;
END;
