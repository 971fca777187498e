-- Who may do what: a role may SELECT the views and EXECUTE the procedures of the schema that carries its name, and
-- nothing else. Grants hang on schemas, so a replaced or a new object needs none of its own. Tables live in imaging and
-- orders, which nobody is granted: dbo owns all schemas, whoever migrates, so views and procedures reach them (ownership
-- chaining).
CREATE SCHEMA imaging AUTHORIZATION dbo;
GO
CREATE SCHEMA orders AUTHORIZATION dbo;
GO
-- Identities of the API: only what they name as the actor is believed; a person is always the one who signed in.
CREATE ROLE application;
GO
CREATE SCHEMA storage_writer AUTHORIZATION dbo;
GO
CREATE ROLE storage_writer;
GO
GRANT SELECT, EXECUTE ON SCHEMA::storage_writer TO storage_writer;
GO
CREATE SCHEMA storage_reader AUTHORIZATION dbo;
GO
CREATE ROLE storage_reader;
GO
GRANT SELECT, EXECUTE ON SCHEMA::storage_reader TO storage_reader;
GO
CREATE SCHEMA operations AUTHORIZATION dbo;
GO
CREATE ROLE engineering;
GO
GRANT SELECT, EXECUTE ON SCHEMA::operations TO engineering;
GO
CREATE SCHEMA logistics AUTHORIZATION dbo;
GO
CREATE ROLE logistics;
GO
GRANT SELECT, EXECUTE ON SCHEMA::logistics TO logistics;
GO
CREATE SCHEMA logistics_lead AUTHORIZATION dbo;
GO
CREATE ROLE logistics_lead;
GO
GRANT SELECT, EXECUTE ON SCHEMA::logistics_lead TO logistics_lead;
GO
CREATE SCHEMA sales AUTHORIZATION dbo;
GO
CREATE ROLE sales;
GO
GRANT SELECT, EXECUTE ON SCHEMA::sales TO sales;
GO
CREATE SCHEMA storefront AUTHORIZATION dbo;
GO
CREATE ROLE storefront;
GO
GRANT SELECT, EXECUTE ON SCHEMA::storefront TO storefront;
GO
CREATE SCHEMA analytics AUTHORIZATION dbo;
GO
CREATE ROLE analytics;
GO
GRANT SELECT, EXECUTE ON SCHEMA::analytics TO analytics;
GO
CREATE SCHEMA warehouse AUTHORIZATION dbo;
GO
CREATE ROLE warehouse;
GO
GRANT SELECT, EXECUTE ON SCHEMA::warehouse TO warehouse;
GO
