-- only: azure-sql
-- Whatever somebody is granted besides: who is in analytics writes nothing, anywhere, and executes only what reads.
DENY INSERT, UPDATE, DELETE TO analytics;
GO
DENY EXECUTE ON SCHEMA::storage_writer TO analytics;
DENY EXECUTE ON SCHEMA::logistics TO analytics;
DENY EXECUTE ON SCHEMA::logistics_lead TO analytics;
DENY EXECUTE ON SCHEMA::sales TO analytics;
DENY EXECUTE ON SCHEMA::storefront TO analytics;
DENY EXECUTE ON SCHEMA::warehouse TO analytics;
DENY EXECUTE ON SCHEMA::operations TO analytics;
GO
-- The rights matrix shows the grants of all roles, which a caller sees only with this.
GRANT VIEW DEFINITION TO engineering;
