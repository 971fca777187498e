-- only: synapse
-- Analysts read the views, and nothing beneath them; REFERENCES lets a view use the credential on their behalf, and
-- without bulk operations nobody opens a file with it in a query of their own, whatever else they are given.
IF DATABASE_PRINCIPAL_ID(N'analysts') IS NULL CREATE ROLE analysts;
GO
GRANT SELECT ON SCHEMA::warehouse TO analysts;
GO
GRANT REFERENCES ON DATABASE SCOPED CREDENTIAL::workspace TO analysts;
GO
DENY ADMINISTER DATABASE BULK OPERATIONS TO analysts;
GO
IF DATABASE_PRINCIPAL_ID(N'$(AnalyticsGroup)') IS NULL CREATE USER [$(AnalyticsGroup)] FROM EXTERNAL PROVIDER;
GO
ALTER ROLE analysts ADD MEMBER [$(AnalyticsGroup)];
GO
