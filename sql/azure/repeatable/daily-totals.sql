-- Daily sums that the server keeps up to date itself, in an index where it has indexed views. Readers give no NOEXPAND
-- hint: Azure SQL uses the index by itself, and a session with QUOTED_IDENTIFIER off, as sqlcmd opens it, can read too.
-- Sums in an index take no value that might be null, and a CONVERT might be.
CREATE VIEW orders.daily_totals WITH SCHEMABINDING AS
SELECT placed_day, membership, status, COUNT_BIG(*) AS orders, SUM(ISNULL(CONVERT(bigint, quantity), 0)) AS quantity,
       SUM(total_price) AS total_price, SUM(total_weight) AS total_weight
FROM orders.transactions
GROUP BY placed_day, membership, status;
GO
IF @@VERSION LIKE N'Microsoft SQL%'
  EXEC (N'CREATE UNIQUE CLUSTERED INDEX ix_daily_totals ON orders.daily_totals (placed_day, membership, status)');
