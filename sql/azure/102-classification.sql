-- needs: classification, masking
-- What is personal, for auditing and for whoever is ever let near the table: classified and masked, before 103 makes
-- the table system-versioned.
ADD SENSITIVITY CLASSIFICATION TO orders.members.name, orders.members.email, orders.members.mobile
  WITH (LABEL = 'Confidential - personal', INFORMATION_TYPE = 'Contact info', RANK = MEDIUM);
GO
ADD SENSITIVITY CLASSIFICATION TO orders.members.date_of_birth
  WITH (LABEL = 'Confidential - personal', INFORMATION_TYPE = 'Date of birth', RANK = HIGH);
GO
ADD SENSITIVITY CLASSIFICATION TO imaging.images.owner
  WITH (LABEL = 'Confidential - personal', INFORMATION_TYPE = 'Name', RANK = MEDIUM);
GO
-- A column that a constraint depends on takes no mask, so the constraints come off and back on.
ALTER TABLE orders.members DROP CONSTRAINT ck_members_name, ck_members_email, uq_members_email, ck_members_date_of_birth,
  ck_members_mobile;
GO
ALTER TABLE orders.members ALTER COLUMN name ADD MASKED WITH (FUNCTION = 'partial(1, "xxx", 0)');
ALTER TABLE orders.members ALTER COLUMN email ADD MASKED WITH (FUNCTION = 'email()');
ALTER TABLE orders.members ALTER COLUMN mobile ADD MASKED WITH (FUNCTION = 'partial(0, "xxx", 2)');
ALTER TABLE orders.members ALTER COLUMN date_of_birth ADD MASKED WITH (FUNCTION = 'default()');
GO
ALTER TABLE orders.members WITH CHECK ADD
  CONSTRAINT ck_members_name CHECK (LTRIM(RTRIM(name)) <> N''),
  CONSTRAINT ck_members_email CHECK (email LIKE N'%_@_%'),
  CONSTRAINT uq_members_email UNIQUE (email),
  CONSTRAINT ck_members_date_of_birth CHECK (date_of_birth >= '1900-01-01'),
  CONSTRAINT ck_members_mobile CHECK (LTRIM(RTRIM(mobile)) <> N'');
