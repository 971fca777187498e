-- needs: ledger, temporal
CREATE TRIGGER orders.transactions_ledger ON orders.transactions AFTER INSERT, UPDATE AS
BEGIN
  SET NOCOUNT ON;
  DECLARE @actor nvarchar(256) = imaging.actor();
  INSERT INTO orders.status_ledger (transaction_id, status, row_version, actor, at)
  SELECT n.transaction_id, n.status, n.row_version, @actor, SYSUTCDATETIME()
  FROM inserted AS n
  LEFT JOIN deleted AS o ON o.transaction_id = n.transaction_id
  WHERE o.transaction_id IS NULL OR o.status <> n.status;
END;
