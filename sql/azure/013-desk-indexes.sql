-- Lists of all days, by when orders were placed and by weight: a page of them is read from the index, not sorted out of
-- every order there is.
CREATE INDEX ix_transactions_placed ON orders.transactions (placed_at, transaction_id);
CREATE INDEX ix_transactions_weight ON orders.transactions (total_weight, transaction_id);
