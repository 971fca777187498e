-- Onboarding in one statement: an Entra group, person or managed identity becomes a contained user and a member of a
-- role. `@is_application` is for the API's identities, which are believed about whom they act for.
CREATE PROCEDURE deployment.add_member @name sysname, @role sysname, @is_application bit = 0 AS
BEGIN
  SET NOCOUNT ON;
  DECLARE @statement nvarchar(max);
  IF NOT EXISTS (SELECT 1 FROM sys.database_principals WHERE name = @role AND type = 'R' AND is_fixed_role = 0)
    THROW 51404, N'There is no such role.', 1;
  IF NOT EXISTS (SELECT 1 FROM sys.database_principals WHERE name = @name)
  BEGIN
    SET @statement = N'CREATE USER ' + QUOTENAME(@name) + N' FROM EXTERNAL PROVIDER';
    EXEC sys.sp_executesql @statement;
  END;
  SET @statement = N'ALTER ROLE ' + QUOTENAME(@role) + N' ADD MEMBER ' + QUOTENAME(@name);
  EXEC sys.sp_executesql @statement;
  IF @is_application = 1
  BEGIN
    SET @statement = N'ALTER ROLE application ADD MEMBER ' + QUOTENAME(@name);
    EXEC sys.sp_executesql @statement;
  END;
END;
GO
CREATE PROCEDURE deployment.remove_member @name sysname, @role sysname AS
BEGIN
  SET NOCOUNT ON;
  DECLARE @statement nvarchar(max) = N'ALTER ROLE ' + QUOTENAME(@role) + N' DROP MEMBER ' + QUOTENAME(@name);
  EXEC sys.sp_executesql @statement;
END;
