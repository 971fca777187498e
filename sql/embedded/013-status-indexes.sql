-- Orders of a status on all days: without these a page of what is pending reads past every order that is completed.
CREATE INDEX ix_transactions_status_placed ON orders.transactions (status, placed_at, transaction_id);
CREATE INDEX ix_transactions_status_weight ON orders.transactions (status, total_weight, transaction_id);
