CREATE VIEW logistics_lead.completed_orders AS
SELECT transaction_id AS order_id, placed_day, placed_at, status, line_count AS lines, quantity, total_weight,
       total_price, completed_at, completed_by, cancelled_at, row_version
FROM orders.transactions
WHERE status = N'completed';
GO
CREATE PROCEDURE logistics_lead.reopen_order @order_id bigint, @row_version int, @reason nvarchar(4000) AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @status nvarchar(20), @text nvarchar(400);
  IF LTRIM(RTRIM(COALESCE(@reason, N''))) = N'' THROW 51422, N'Say why the order is reopened.', 1;
  UPDATE orders.transactions
  SET status = N'pending', completed_at = NULL, completed_by = NULL, reopen_reason = @reason,
      row_version = row_version + 1
  WHERE transaction_id = @order_id AND status = N'completed' AND row_version = @row_version;
  IF @@ROWCOUNT = 0
  BEGIN
    SELECT @status = status FROM orders.transactions WHERE transaction_id = @order_id;
    IF @status IS NULL THROW 51404, N'There is no such order.', 1;
    IF @status <> N'completed'
    BEGIN
      SET @text = CONCAT(N'The order is ', @status, N', and only a completed one can be reopened.');
      THROW 51409, @text, 1;
    END;
    THROW 51412, N'Somebody changed the order since you read it.', 1;
  END;
  EXEC orders.answer_order @order_id = @order_id;
END;
