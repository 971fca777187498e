/** A fault for a T-SQL catalogue, and the findings that there must be, `rule: object`. */
export interface LintFault {
  readonly plant: string;
  readonly found: readonly string[];
  /** A server without contained users, and DacFx's model, cannot have every fault. */
  readonly only?: 'server' | 'model';
}

const fault = (plant: string, ...found: readonly string[]): LintFault => ({ plant, found });
const only = (where: 'server' | 'model', ...given: Parameters<typeof fault>): LintFault => ({
  ...fault(...given),
  only: where,
});

/** Each rule's, so made that they do not change each other: DacFx has them all in one model, a server one after the other. */
export const lintFaults: readonly LintFault[] = [
  fault(
    'GRANT EXECUTE ON OBJECT::sales.retire_product TO public',
    'grant-to-everybody: sales.retire_product',
  ),
  fault('GRANT SELECT ON SCHEMA::storefront TO public', 'grant-to-everybody: storefront'),
  fault(
    'CREATE USER lint_person WITHOUT LOGIN\nGO\nGRANT SELECT ON OBJECT::sales.product_history TO lint_person',
    'grant-to-login: sales.product_history',
  ),
  fault('GRANT SELECT ON OBJECT::orders.members TO logistics', 'right-on-table: orders.members'),
  fault('GRANT UPDATE ON OBJECT::orders.products (cost) TO sales', 'right-on-table: orders.products.cost'),
  fault('GRANT SELECT ON SCHEMA::imaging TO analytics', 'right-on-table: imaging'),
  fault(
    'GRANT SELECT ON OBJECT::sales.products TO logistics',
    'right-in-schema-of-another-team: sales.products',
  ),
  fault('GRANT EXECUTE ON SCHEMA::logistics TO sales', 'right-in-schema-of-another-team: logistics'),
  fault('GRANT INSERT ON OBJECT::logistics.orders TO logistics', 'right-to-more-than-use: logistics.orders'),
  fault('GRANT ALTER ON SCHEMA::warehouse TO warehouse', 'right-to-more-than-use: warehouse'),
  fault('GRANT CONTROL TO storage_reader', 'right-on-database: database'),
  fault(
    'GRANT SELECT ON OBJECT::storefront.products TO storefront WITH GRANT OPTION',
    'right-that-can-be-passed-on: storefront.products',
  ),
  fault('ALTER ROLE sales ADD MEMBER analytics', 'member-of-stronger-role: analytics'),
  fault('ALTER ROLE db_datareader ADD MEMBER warehouse', 'member-of-stronger-role: warehouse'),
  only(
    'model',
    "CREATE USER lint_password WITH PASSWORD = 'Only-4-this-check'",
    'login-without-password-rule: lint_password',
  ),
  fault(
    'CREATE PROCEDURE sales.lint_owner WITH EXECUTE AS OWNER AS SELECT 1 AS one',
    'execute-as: sales.lint_owner',
  ),
  fault('CREATE SCHEMA lint AUTHORIZATION sales', 'object-of-another-owner: lint'),
  fault(
    'CREATE VIEW logistics.lint AS SELECT member_id FROM orders.members',
    'view-past-its-schema: logistics.lint',
  ),
  fault(
    'CREATE VIEW sales.lint AS SELECT order_id FROM logistics.orders',
    'view-past-its-schema: sales.lint',
  ),
  fault(
    'CREATE VIEW orders.lint AS SELECT email FROM orders.members\nGO\nCREATE VIEW analytics.lint AS SELECT email FROM orders.lint',
    'view-past-its-schema: analytics.lint',
    'personal-column-in-view: analytics.lint',
  ),
  fault(
    'CREATE VIEW storefront.lint AS SELECT member_id, email FROM orders.members',
    'personal-column-in-view: storefront.lint',
  ),
  fault(
    `CREATE FUNCTION orders.lint_day(@day date) RETURNS TABLE WITH SCHEMABINDING AS RETURN SELECT 1 AS allowed WHERE @day > '2000-01-01'
GO
CREATE SECURITY POLICY orders.lint_policy ADD FILTER PREDICATE orders.lint_day(day) ON orders.calendar WITH (STATE = OFF)`,
    'row-security-not-in-force: orders.lint_policy',
  ),
  only(
    'server',
    'DISABLE TRIGGER orders.products_keep ON orders.products',
    'switched-off: orders.products.products_keep',
  ),
  only(
    'server',
    'ALTER TABLE orders.products NOCHECK CONSTRAINT ck_products_cost',
    'switched-off: orders.products.ck_products_cost',
  ),
  fault('CREATE TABLE orders.lint_heap (a int NULL)', 'table-without-primary-key: orders.lint_heap'),
  fault(
    `CREATE TABLE orders.lint_key (id int NOT NULL CONSTRAINT pk_lint_key PRIMARY KEY,
       product_id bigint NOT NULL CONSTRAINT fk_lint_key REFERENCES orders.products (product_id))`,
    'foreign-key-without-index: orders.lint_key.fk_lint_key',
  ),
  fault('CREATE INDEX ix_lint ON orders.calendar (day)', 'duplicate-index: orders.calendar.ix_lint'),
  fault(
    'CREATE INDEX ix_lint ON imaging.images (owner, uploaded_at DESC)',
    'duplicate-index: imaging.images.ix_lint',
  ),
];
