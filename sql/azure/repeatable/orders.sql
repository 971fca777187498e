-- Decimals are answered as text: drivers make floating-point numbers of them, which lose digits.
CREATE PROCEDURE orders.answer_order @order_id bigint AS
BEGIN
  SET NOCOUNT ON;
  SELECT transaction_id AS order_id, CONVERT(varchar(10), placed_day, 23) AS placed_day, placed_at, status,
         line_count AS lines, quantity,
         CONVERT(varchar(40), total_weight) AS total_weight, CONVERT(varchar(40), total_price) AS total_price,
         completed_at, completed_by, cancelled_at, row_version
  FROM orders.transactions
  WHERE transaction_id = @order_id;
END;
GO
CREATE PROCEDURE orders.answer_product @product_id bigint AS
BEGIN
  SET NOCOUNT ON;
  SELECT product_id, name, manufacturer, CONVERT(varchar(40), cost) AS cost, CONVERT(varchar(40), weight) AS weight,
         is_active, created_at, created_by, changed_at, changed_by, retired_at, retired_by, row_version
  FROM orders.products
  WHERE product_id = @product_id;
END;
GO
-- A column would round what does not fit; a price is never rounded in silence.
CREATE PROCEDURE orders.check_amounts @cost decimal(38, 16), @weight decimal(38, 16) AS
BEGIN
  SET NOCOUNT ON;
  IF @cost IS NULL OR @cost NOT BETWEEN 0 AND 999999999.9999 OR @cost <> ROUND(@cost, 4, 1)
    THROW 51422, N'A cost is from 0 to 999999999.9999, with at most 4 decimals.', 1;
  IF @weight IS NULL OR @weight NOT BETWEEN 0 AND 99999.999 OR @weight <> ROUND(@weight, 3, 1)
    THROW 51422, N'A weight is from 0 to 99999.999 kg, with at most 3 decimals.', 1;
END;
GO
-- Why a change of a product found nothing to change: it is not there, or another version.
CREATE PROCEDURE orders.explain_product @product_id bigint, @row_version int AS
BEGIN
  SET NOCOUNT ON;
  DECLARE @version int = (SELECT row_version FROM orders.products WHERE product_id = @product_id);
  IF @version IS NULL THROW 51404, N'There is no such product.', 1;
  IF @version <> @row_version THROW 51412, N'Somebody changed the product since you read it.', 1;
END;
