-- Who may do what: a role may SELECT the views and EXECUTE the routines of the schema that carries its name, and
-- nothing else. Grants hang on schemas (default privileges), so a replaced or a new object needs none of its own.

-- Nobody is given anything for being somebody.
REVOKE ALL ON SCHEMA public FROM PUBLIC;
DO $$ BEGIN EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database()); END $$;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- Tables, which nobody is granted.
CREATE SCHEMA imaging;
CREATE SCHEMA orders;

-- Roles belong to the whole server, where another database may have made them.
CREATE PROCEDURE deployment.add_role(name text) LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN EXECUTE format('CREATE ROLE %I', name); END IF;
END $$;

-- The services' logins are its members. It has no right of its own: its members are believed about whom they act for.
CALL deployment.add_role('application');

-- A schema for a team or service, and the role that may use it.
CREATE PROCEDURE deployment.add_team(schema_name text, role_name text) LANGUAGE plpgsql AS $$
BEGIN
  CALL deployment.add_role(role_name);
  EXECUTE format('CREATE SCHEMA %I', schema_name);
  EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', schema_name, role_name);
  EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT SELECT ON TABLES TO %I', schema_name, role_name);
  EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT EXECUTE ON FUNCTIONS TO %I', schema_name, role_name);
END $$;

CALL deployment.add_team('storage_writer', 'storage_writer');
CALL deployment.add_team('storage_reader', 'storage_reader');
CALL deployment.add_team('operations', 'engineering');
CALL deployment.add_team('logistics', 'logistics');
CALL deployment.add_team('logistics_lead', 'logistics_lead');
CALL deployment.add_team('sales', 'sales');
CALL deployment.add_team('storefront', 'storefront');
CALL deployment.add_team('analytics', 'analytics');
CALL deployment.add_team('warehouse', 'warehouse');
