-- A dry run says how much there is of a person, which is a question about him as the others are.
ALTER TABLE orders.person_requests DROP CONSTRAINT ck_person_requests_action;
ALTER TABLE orders.person_requests ADD CONSTRAINT ck_person_requests_action
  CHECK (action IN (N'count', N'export', N'erase'));
