-- What keeps history, as triggers: they see a change whoever makes it, from whatever client. They work on sets.
CREATE TRIGGER orders.products_keep ON orders.products AFTER DELETE AS
BEGIN
  THROW 51409, N'Nothing is ever removed from here.', 1;
END;
GO
CREATE TRIGGER orders.transactions_keep ON orders.transactions AFTER DELETE AS
BEGIN
  THROW 51409, N'Nothing is ever removed from here.', 1;
END;
GO
CREATE TRIGGER orders.transaction_items_keep ON orders.transaction_items AFTER UPDATE, DELETE AS
BEGIN
  THROW 51409, N'Nothing is ever removed from here.', 1;
END;
GO
CREATE TRIGGER orders.history_keep ON orders.history AFTER UPDATE, DELETE AS
BEGIN
  THROW 51409, N'Nothing is ever removed from here.', 1;
END;
GO
CREATE TRIGGER orders.transactions_history ON orders.transactions AFTER INSERT, UPDATE AS
BEGIN
  SET NOCOUNT ON;
  DECLARE @actor nvarchar(256) = imaging.actor();
  INSERT INTO orders.history (actor, entity, entity_id, action, before, after, reason)
  SELECT @actor, N'order', n.transaction_id,
         CASE WHEN o.transaction_id IS NULL THEN N'placed' WHEN n.status = o.status THEN N'corrected'
              WHEN n.status = N'pending' THEN N'reopened' ELSE n.status END,
         CASE WHEN o.transaction_id IS NOT NULL THEN (
           SELECT o.status AS [status], o.row_version AS [rowVersion], o.quantity AS [quantity],
                  CONVERT(varchar(40), o.total_price) AS [totalPrice], CONVERT(varchar(40), o.total_weight) AS [totalWeight],
                  CONVERT(varchar(30), o.completed_at, 126) + 'Z' AS [completedAt], o.completed_by AS [completedBy],
                  CONVERT(varchar(30), o.cancelled_at, 126) + 'Z' AS [cancelledAt], o.cancelled_by AS [cancelledBy]
           FOR JSON PATH, INCLUDE_NULL_VALUES, WITHOUT_ARRAY_WRAPPER) END,
         (SELECT n.status AS [status], n.row_version AS [rowVersion], n.quantity AS [quantity],
                 CONVERT(varchar(40), n.total_price) AS [totalPrice], CONVERT(varchar(40), n.total_weight) AS [totalWeight],
                 CONVERT(varchar(30), n.completed_at, 126) + 'Z' AS [completedAt], n.completed_by AS [completedBy],
                 CONVERT(varchar(30), n.cancelled_at, 126) + 'Z' AS [cancelledAt], n.cancelled_by AS [cancelledBy]
          FOR JSON PATH, INCLUDE_NULL_VALUES, WITHOUT_ARRAY_WRAPPER),
         CASE WHEN n.status = N'pending' AND o.status <> N'pending' THEN n.reopen_reason END
  FROM inserted AS n
  LEFT JOIN deleted AS o ON o.transaction_id = n.transaction_id;
END;
GO
CREATE TRIGGER orders.products_history ON orders.products AFTER INSERT, UPDATE AS
BEGIN
  SET NOCOUNT ON;
  DECLARE @actor nvarchar(256) = imaging.actor();
  UPDATE h
  SET valid_to = n.changed_at
  FROM orders.product_history AS h
  JOIN inserted AS n ON n.product_id = h.product_id
  WHERE h.valid_to IS NULL AND h.version < n.row_version;
  INSERT INTO orders.product_history (product_id, version, name, manufacturer, cost, weight, is_active, actor, valid_from)
  SELECT n.product_id, n.row_version, n.name, n.manufacturer, n.cost, n.weight, n.is_active, n.changed_by, n.changed_at
  FROM inserted AS n
  WHERE NOT EXISTS (SELECT 1 FROM orders.product_history AS h
                    WHERE h.product_id = n.product_id AND h.version = n.row_version);
  INSERT INTO orders.history (actor, entity, entity_id, action, before, after)
  SELECT @actor, N'product', n.product_id,
         CASE WHEN o.product_id IS NULL THEN N'added' WHEN n.is_active = o.is_active THEN N'corrected'
              WHEN n.is_active = 1 THEN N'restored' ELSE N'retired' END,
         CASE WHEN o.product_id IS NOT NULL THEN (
           SELECT o.name AS [name], o.manufacturer AS [manufacturer], CONVERT(varchar(40), o.cost) AS [cost],
                  CONVERT(varchar(40), o.weight) AS [weight], o.is_active AS [isActive], o.row_version AS [rowVersion]
           FOR JSON PATH, INCLUDE_NULL_VALUES, WITHOUT_ARRAY_WRAPPER) END,
         (SELECT n.name AS [name], n.manufacturer AS [manufacturer], CONVERT(varchar(40), n.cost) AS [cost],
                 CONVERT(varchar(40), n.weight) AS [weight], n.is_active AS [isActive], n.row_version AS [rowVersion]
          FOR JSON PATH, INCLUDE_NULL_VALUES, WITHOUT_ARRAY_WRAPPER)
  FROM inserted AS n
  LEFT JOIN deleted AS o ON o.product_id = n.product_id;
END;
GO
CREATE TRIGGER orders.members_history ON orders.members AFTER INSERT, UPDATE AS
BEGIN
  SET NOCOUNT ON;
  DECLARE @actor nvarchar(256) = imaging.actor();
  UPDATE h
  SET valid_to = n.changed_at
  FROM orders.member_history AS h
  JOIN inserted AS n ON n.member_id = h.member_id
  WHERE h.valid_to IS NULL AND (h.membership <> n.membership OR h.status <> n.status);
  INSERT INTO orders.member_history (member_id, version, membership, status, reason, actor, valid_from)
  SELECT n.member_id, 1 + (SELECT COUNT(*) FROM orders.member_history AS h WHERE h.member_id = n.member_id),
         n.membership, n.status, n.status_reason, @actor,
         CASE WHEN o.member_id IS NULL THEN n.joined_at ELSE n.changed_at END
  FROM inserted AS n
  LEFT JOIN deleted AS o ON o.member_id = n.member_id
  WHERE NOT EXISTS (SELECT 1 FROM orders.member_history AS h WHERE h.member_id = n.member_id AND h.valid_to IS NULL);
END;
