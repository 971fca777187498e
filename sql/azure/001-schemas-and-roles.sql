-- Who may do what: a role may SELECT the views and EXECUTE the procedures of the schema that carries its name, and
-- nothing else. Grants hang on schemas, so a replaced or a new object needs none of its own. Tables live in imaging and
-- orders, which nobody is granted: dbo owns all schemas, whoever migrates, so views and procedures reach them (ownership
-- chaining).
EXEC (N'CREATE SCHEMA imaging AUTHORIZATION dbo');
EXEC (N'CREATE SCHEMA orders AUTHORIZATION dbo');
EXEC (N'CREATE SCHEMA storage_writer AUTHORIZATION dbo');
EXEC (N'CREATE SCHEMA storage_reader AUTHORIZATION dbo');
EXEC (N'CREATE SCHEMA operations AUTHORIZATION dbo');
EXEC (N'CREATE SCHEMA logistics AUTHORIZATION dbo');
EXEC (N'CREATE SCHEMA logistics_lead AUTHORIZATION dbo');
EXEC (N'CREATE SCHEMA sales AUTHORIZATION dbo');
EXEC (N'CREATE SCHEMA storefront AUTHORIZATION dbo');
EXEC (N'CREATE SCHEMA analytics AUTHORIZATION dbo');
EXEC (N'CREATE SCHEMA warehouse AUTHORIZATION dbo');
GO
-- Identities of the API: only what they name as the actor is believed; a person is always the one who signed in.
CREATE ROLE application;
CREATE ROLE storage_writer;
CREATE ROLE storage_reader;
CREATE ROLE engineering;
CREATE ROLE logistics;
CREATE ROLE logistics_lead;
CREATE ROLE sales;
CREATE ROLE storefront;
CREATE ROLE analytics;
CREATE ROLE warehouse;
GO
GRANT SELECT, EXECUTE ON SCHEMA::storage_writer TO storage_writer;
GRANT SELECT, EXECUTE ON SCHEMA::storage_reader TO storage_reader;
GRANT SELECT, EXECUTE ON SCHEMA::operations TO engineering;
GRANT SELECT, EXECUTE ON SCHEMA::logistics TO logistics;
GRANT SELECT, EXECUTE ON SCHEMA::logistics_lead TO logistics_lead;
GRANT SELECT, EXECUTE ON SCHEMA::sales TO sales;
GRANT SELECT, EXECUTE ON SCHEMA::storefront TO storefront;
GRANT SELECT, EXECUTE ON SCHEMA::analytics TO analytics;
GRANT SELECT, EXECUTE ON SCHEMA::warehouse TO warehouse;
