-- Who may do what: a role may SELECT the views and EXECUTE the routines of the schema that carries its name, and
-- nothing else. Grants hang on schemas (default privileges), so a replaced or a new object needs none of its own.

-- Nobody is given anything for being somebody.
REVOKE ALL ON SCHEMA public FROM PUBLIC;
DO $$ BEGIN EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database()); END $$;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- Tables, which nobody is granted.
CREATE SCHEMA imaging;
CREATE SCHEMA orders;

-- The services' logins are its members. It has no right of its own: its members are believed about whom they act for.
CREATE ROLE application;

CREATE ROLE storage_writer;
CREATE ROLE storage_reader;
CREATE ROLE engineering;

CREATE SCHEMA storage_writer;
CREATE SCHEMA storage_reader;
CREATE SCHEMA operations;

GRANT USAGE ON SCHEMA storage_writer TO storage_writer;
ALTER DEFAULT PRIVILEGES IN SCHEMA storage_writer GRANT SELECT ON TABLES TO storage_writer;
ALTER DEFAULT PRIVILEGES IN SCHEMA storage_writer GRANT EXECUTE ON FUNCTIONS TO storage_writer;

GRANT USAGE ON SCHEMA storage_reader TO storage_reader;
ALTER DEFAULT PRIVILEGES IN SCHEMA storage_reader GRANT SELECT ON TABLES TO storage_reader;
ALTER DEFAULT PRIVILEGES IN SCHEMA storage_reader GRANT EXECUTE ON FUNCTIONS TO storage_reader;

GRANT USAGE ON SCHEMA operations TO engineering;
ALTER DEFAULT PRIVILEGES IN SCHEMA operations GRANT SELECT ON TABLES TO engineering;
ALTER DEFAULT PRIVILEGES IN SCHEMA operations GRANT EXECUTE ON FUNCTIONS TO engineering;
