-- Analysts read the views; shared/database/migrations/synapse-analysts.ts makes their group a member of the role. A view over OPENROWSET asks two more rights of whoever reads it: REFERENCES on the credential
-- and bulk operations. With these an analyst can also open the lake's files in a query of their own; the lake holds
-- nothing that the views do not show.
IF DATABASE_PRINCIPAL_ID(N'analysts') IS NULL CREATE ROLE analysts;
GO
GRANT SELECT ON SCHEMA::warehouse TO analysts;
GO
GRANT REFERENCES ON DATABASE SCOPED CREDENTIAL::workspace TO analysts;
GO
GRANT ADMINISTER DATABASE BULK OPERATIONS TO analysts;
GO
