/** Faults for PostgreSQL's catalogue, each planted alone: its statements, and the findings that there must be, `rule: object`. */
export interface LintFault {
  readonly plant: string;
  readonly found: readonly string[];
}

const database = (statement: string): string =>
  `DO $$ BEGIN EXECUTE format('${statement}', current_database()); END $$`;

const fault = (plant: string, ...found: readonly string[]): LintFault => ({ plant, found });

export const postgresFaults: readonly LintFault[] = [
  fault(
    'GRANT EXECUTE ON FUNCTION sales.retire_product TO PUBLIC',
    'grant-to-everybody: sales.retire_product',
  ),
  fault(database('GRANT TEMPORARY ON DATABASE %I TO PUBLIC'), 'grant-to-everybody: database'),
  fault('ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC', 'grant-to-everybody: database'),
  fault(
    'ALTER DEFAULT PRIVILEGES IN SCHEMA sales GRANT SELECT ON TABLES TO PUBLIC',
    'grant-to-everybody: sales',
  ),
  fault('GRANT SELECT ON sales.products TO sales_login', 'grant-to-login: sales.products'),
  fault('GRANT UPDATE (email) ON orders.members TO logistics', 'right-on-table: orders.members.email'),
  fault('GRANT SELECT ON orders.members TO logistics', 'right-on-table: orders.members'),
  fault('GRANT USAGE ON SCHEMA orders TO analytics', 'right-on-table: orders'),
  fault(
    'GRANT USAGE ON SEQUENCE orders.products_product_id_seq TO sales',
    'right-on-table: orders.products_product_id_seq',
  ),
  fault(
    'ALTER DEFAULT PRIVILEGES IN SCHEMA orders GRANT SELECT ON TABLES TO sales',
    'right-on-table: orders',
  ),
  fault('GRANT SELECT ON sales.products TO logistics', 'right-in-schema-of-another-team: sales.products'),
  fault('GRANT USAGE ON SCHEMA sales TO logistics', 'right-in-schema-of-another-team: sales'),
  fault('GRANT INSERT ON logistics.orders TO logistics', 'right-to-more-than-use: logistics.orders'),
  fault('GRANT CREATE ON SCHEMA sales TO sales', 'right-to-more-than-use: sales'),
  fault(database('GRANT CREATE ON DATABASE %I TO sales'), 'right-on-database: database'),
  fault(
    'GRANT SELECT ON sales.products TO sales WITH GRANT OPTION',
    'right-that-can-be-passed-on: sales.products',
  ),
  fault('GRANT sales TO sales_login WITH ADMIN OPTION', 'right-that-can-be-passed-on: sales'),
  fault('GRANT sales TO analytics', 'member-of-stronger-role: analytics'),
  fault('GRANT pg_read_all_data TO analytics_login', 'member-of-stronger-role: analytics_login'),
  fault('ALTER ROLE sales_login CREATEROLE', 'login-with-power: sales_login'),
  fault('ALTER ROLE sales_login REPLICATION', 'login-with-power: sales_login'),
  fault('CREATE ROLE lint_root SUPERUSER', 'login-with-power: lint_root'),
  fault('CREATE ROLE lint_open LOGIN', 'login-without-password-rule: lint_open'),
  fault(
    `CREATE ROLE lint_md5 LOGIN PASSWORD 'md5${'0'.repeat(32)}'`,
    'login-without-password-rule: lint_md5',
  ),
  fault(
    'CREATE FUNCTION sales.lint() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 $$',
    'definer-without-search-path: sales.lint',
  ),
  fault(
    'ALTER FUNCTION sales.retire_product SET search_path = orders, pg_temp',
    'definer-without-search-path: sales.retire_product',
  ),
  fault(
    'ALTER FUNCTION sales.retire_product SET search_path = pg_catalog',
    'definer-without-search-path: sales.retire_product',
  ),
  fault(
    'ALTER FUNCTION sales.retire_product OWNER TO sales',
    'object-of-another-owner: sales.retire_product',
  ),
  fault('ALTER TABLE orders.calendar OWNER TO analytics_login', 'object-of-another-owner: orders.calendar'),
  fault(
    'CREATE VIEW logistics.lint AS SELECT membership FROM orders.members',
    'view-past-its-schema: logistics.lint',
  ),
  fault(
    'CREATE VIEW sales.lint AS SELECT order_id FROM logistics.orders',
    'view-past-its-schema: sales.lint',
  ),
  fault(
    `CREATE VIEW orders.lint AS SELECT email FROM orders.members;
     CREATE VIEW analytics.lint AS SELECT email FROM orders.lint`,
    'view-past-its-schema: analytics.lint',
    'personal-column-in-view: analytics.lint',
  ),
  fault(
    'CREATE VIEW storefront.lint AS SELECT member_id, email FROM orders.members',
    'personal-column-in-view: storefront.lint',
  ),
  fault(
    'ALTER TABLE orders.calendar ENABLE ROW LEVEL SECURITY',
    'row-security-not-in-force: orders.calendar',
  ),
  fault('CREATE POLICY lint ON orders.calendar USING (true)', 'row-security-not-in-force: orders.calendar'),
  fault(
    'CREATE POLICY lint ON orders.calendar USING (true); ALTER TABLE orders.calendar ENABLE ROW LEVEL SECURITY',
    'row-security-not-in-force: orders.calendar',
  ),
  fault(
    'ALTER TABLE orders.products ADD CONSTRAINT ck_lint CHECK (cost > 0) NOT VALID',
    'switched-off: orders.products.ck_lint',
  ),
  fault(
    'ALTER TABLE orders.products DISABLE TRIGGER products_history_update',
    'switched-off: orders.products.products_history_update',
  ),
  fault(
    `UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'orders.ix_history_at'::regclass`,
    'switched-off: orders.history.ix_history_at',
  ),
  fault('CREATE TABLE orders.lint (a int)', 'table-without-primary-key: orders.lint'),
  fault(
    `CREATE TABLE orders.lint (id int PRIMARY KEY, product_id bigint CONSTRAINT fk_lint REFERENCES orders.products);
     CREATE INDEX ix_lint ON orders.lint (product_id) WHERE id > 5`,
    'foreign-key-without-index: orders.lint.fk_lint',
  ),
  fault('CREATE INDEX ix_lint ON orders.calendar (day)', 'duplicate-index: orders.calendar.ix_lint'),
  fault(
    'CREATE INDEX ix_lint ON imaging.images (owner, uploaded_at DESC)',
    'duplicate-index: imaging.images.ix_lint',
  ),
];
