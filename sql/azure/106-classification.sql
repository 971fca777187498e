-- only: azure-sql
-- What is personal, for auditing and for whoever is ever let near the table: classified and masked.
ADD SENSITIVITY CLASSIFICATION TO orders.members.name, orders.members.email, orders.members.mobile
  WITH (LABEL = 'Confidential - personal', INFORMATION_TYPE = 'Contact info', RANK = MEDIUM);
GO
ADD SENSITIVITY CLASSIFICATION TO orders.members.date_of_birth
  WITH (LABEL = 'Confidential - personal', INFORMATION_TYPE = 'Date of birth', RANK = HIGH);
GO
ADD SENSITIVITY CLASSIFICATION TO imaging.images.owner
  WITH (LABEL = 'Confidential - personal', INFORMATION_TYPE = 'Name', RANK = MEDIUM);
GO
ALTER TABLE orders.members ALTER COLUMN name ADD MASKED WITH (FUNCTION = 'partial(1, "…", 0)');
GO
ALTER TABLE orders.members ALTER COLUMN email ADD MASKED WITH (FUNCTION = 'email()');
GO
ALTER TABLE orders.members ALTER COLUMN mobile ADD MASKED WITH (FUNCTION = 'partial(0, "…", 2)');
GO
ALTER TABLE orders.members ALTER COLUMN date_of_birth ADD MASKED WITH (FUNCTION = 'default()');
