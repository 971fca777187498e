-- What is kept of one person, and its end. Each question about a person is written down with who asked and why.
CREATE VIEW operations.person_requests AS
SELECT sequence, at, actor, action, kind, subject, reason, result FROM orders.person_requests;
GO
CREATE PROCEDURE orders.keep_person_request
  @action nvarchar(10), @kind nvarchar(10), @subject nvarchar(64), @reason nvarchar(4000), @result nvarchar(max),
  @at datetime2(3), @sequence bigint OUTPUT
AS
BEGIN
  SET NOCOUNT ON;
  IF LTRIM(RTRIM(COALESCE(@reason, N''))) = N'' THROW 51422, N'Say why.', 1;
  INSERT INTO orders.person_requests (at, actor, action, kind, subject, reason, result)
  VALUES (@at, imaging.actor(), @action, @kind, @subject, @reason, @result);
  SET @sequence = SCOPE_IDENTITY();
END;
GO
CREATE PROCEDURE operations.record_person_request
  @action nvarchar(4000), @kind nvarchar(4000), @subject nvarchar(4000), @reason nvarchar(4000), @result nvarchar(max),
  @at datetime2(3)
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @sequence bigint;
  EXEC orders.keep_person_request @action = @action, @kind = @kind, @subject = @subject, @reason = @reason,
    @result = @result, @at = @at, @sequence = @sequence OUTPUT;
  SELECT @sequence AS sequence;
END;
GO
-- For the service alone: somebody who signs in himself could take the audit entry back with his transaction, and keep what
-- he read.
CREATE PROCEDURE operations.export_member @member_id bigint, @reason nvarchar(4000), @at datetime2(3) AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  IF IS_ROLEMEMBER(N'application') = 0 AND USER_NAME() <> N'dbo'
    THROW 51403, N'Ask the service, which writes down who asked.', 1;
  DECLARE @subject nvarchar(64), @sequence bigint;
  SELECT @subject = LOWER(CONVERT(nvarchar(36), member_key)) FROM orders.members WHERE member_id = @member_id;
  IF @subject IS NULL THROW 51404, N'There is no such member.', 1;
  EXEC orders.keep_person_request @action = N'export', @kind = N'member', @subject = @subject, @reason = @reason,
    @result = N'{}', @at = @at, @sequence = @sequence OUTPUT;
  SELECT m.member_key, m.name, m.email, m.date_of_birth, m.mobile, m.membership, m.status, m.joined_at,
         (SELECT h.version AS [version], h.membership AS [membership], h.status AS [status], h.reason AS [reason]
          FROM orders.member_history AS h WHERE h.member_id = @member_id ORDER BY h.version
          FOR JSON PATH, INCLUDE_NULL_VALUES) AS history,
         COALESCE((SELECT t.transaction_id AS [orderId], t.status AS [status],
                          imaging.instant_text(t.placed_at) AS [placedAt],
                          CONVERT(varchar(40), t.total_price) AS [totalPrice],
                          CONVERT(varchar(40), t.total_weight) AS [totalWeight],
                          (SELECT i.product_id AS [productId], p.name AS [product], i.quantity AS [quantity],
                                  CONVERT(varchar(40), i.unit_price) AS [unitPrice]
                           FROM orders.transaction_items AS i JOIN orders.products AS p ON p.product_id = i.product_id
                           WHERE i.transaction_id = t.transaction_id ORDER BY i.line FOR JSON PATH) AS [items]
                   FROM orders.transactions AS t WHERE t.member_id = @member_id ORDER BY t.transaction_id
                   FOR JSON PATH), N'[]') AS orders,
         @sequence AS sequence
  FROM orders.members AS m WHERE m.member_id = @member_id;
END;
GO
-- Orders, sums and the key stay; what names or describes the person becomes that key. `exists`: it was done before.
CREATE PROCEDURE operations.erase_member
  @member_id bigint, @reason nvarchar(4000), @dry_run bit, @at datetime2(3), @member_key uniqueidentifier = NULL
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  IF LTRIM(RTRIM(COALESCE(@reason, N''))) = N'' THROW 51422, N'Say why.', 1;
  DECLARE @key uniqueidentifier, @name nvarchar(200), @orders bigint, @total decimal(19, 4), @sequence bigint,
          @counted bigint, @earlier bigint, @erased_at datetime2(3), @outcome nvarchar(10), @result nvarchar(200),
          @actor nvarchar(256) = imaging.actor();
  BEGIN TRANSACTION;
  SELECT @key = member_key, @name = name FROM orders.members WITH (UPDLOCK)
  WHERE member_id = @member_id AND (@member_key IS NULL OR member_key = @member_key);
  IF @key IS NULL THROW 51404, N'There is no such member.', 1;
  DECLARE @subject nvarchar(64) = LOWER(CONVERT(nvarchar(36), @key));
  SELECT @orders = COUNT_BIG(*), @total = COALESCE(SUM(total_price), 0) FROM orders.transactions
  WHERE member_id = @member_id;
  SET @result = CONCAT(N'{"orders":', @orders, N',"totalPrice":"', @total, N'"}');
  IF @dry_run = 1
    EXEC orders.keep_person_request @action = N'count', @kind = N'member', @subject = @subject, @reason = @reason,
      @result = @result, @at = @at, @sequence = @counted OUTPUT;
  SELECT TOP (1) @earlier = sequence, @erased_at = at FROM orders.person_requests
  WHERE subject = @subject AND kind = N'member' AND action = N'erase' ORDER BY sequence;
  IF @earlier IS NOT NULL AND @name = @subject
    SELECT @outcome = N'exists', @sequence = @earlier;
  ELSE IF @dry_run = 1
    SELECT @outcome = N'found', @erased_at = @at;
  ELSE
  BEGIN
    UPDATE orders.members
    SET name = @subject, email = CONCAT(@subject, N'@erased.invalid'), date_of_birth = '1900-01-01', mobile = LEFT(@subject, 30),
        status = N'ended', status_reason = NULL, changed_at = SYSUTCDATETIME(), changed_by = @actor,
        row_version = row_version + 1
    WHERE member_id = @member_id;
    UPDATE orders.member_history SET reason = NULL WHERE member_id = @member_id AND reason IS NOT NULL;
    EXEC orders.keep_person_request @action = N'erase', @kind = N'member', @subject = @subject, @reason = @reason,
      @result = @result, @at = @at, @sequence = @sequence OUTPUT;
    SELECT @outcome = N'erased', @erased_at = @at;
  END;
  COMMIT;
  SELECT @outcome AS outcome, @key AS member_key, @orders AS orders, @total AS total_price, @sequence AS sequence,
         @erased_at AS erased_at;
END;
GO
CREATE TRIGGER orders.person_requests_keep ON orders.person_requests AFTER UPDATE, DELETE AS
BEGIN
  THROW 51409, N'Nothing is ever removed from here.', 1;
END;
