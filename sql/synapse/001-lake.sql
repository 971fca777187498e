-- What the views read through: the workspace's own identity, so that nobody needs a right on the files.
IF NOT EXISTS (SELECT 1 FROM sys.symmetric_keys WHERE name = N'##MS_DatabaseMasterKey##') CREATE MASTER KEY;
GO
IF NOT EXISTS (SELECT 1 FROM sys.database_scoped_credentials WHERE name = N'workspace')
  CREATE DATABASE SCOPED CREDENTIAL workspace WITH IDENTITY = 'Managed Identity';
GO
IF NOT EXISTS (SELECT 1 FROM sys.external_data_sources WHERE name = N'lake')
  CREATE EXTERNAL DATA SOURCE lake WITH (LOCATION = '$(LakeUrl)', CREDENTIAL = workspace);
GO
IF SCHEMA_ID(N'warehouse') IS NULL EXEC (N'CREATE SCHEMA warehouse');
GO
