import { expect } from '@jest/globals';
import { databaseRoles, schemas } from '../../../../shared/database/rights/types.ts';
import { roleOf } from '../../../../shared/database/roles.ts';
import { describeEngines } from './support/describe-engines.ts';

/**
 * Every entry of every access list but the owner's own, whoever it is for: `ROLE: PRIVILEGE on KIND NAME`. Also such as
 * give nothing yet: a grant on a table in a schema that is not open waits for one on the schema.
 */
const entries = `
  WITH lists AS (
    SELECT 'database' AS kind, '' AS name, coalesce(datacl, acldefault('d', datdba)) AS list, datdba AS owner
    FROM pg_database WHERE datname = current_database()
    UNION ALL
    SELECT 'schema', nspname, coalesce(nspacl, acldefault('n', nspowner)), nspowner FROM pg_namespace
    UNION ALL
    SELECT CASE relkind WHEN 'v' THEN 'view' WHEN 'S' THEN 'sequence' ELSE 'table' END, relnamespace::regnamespace || '.' || relname,
           coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relowner)), relowner
    FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
    UNION ALL
    SELECT 'column', c.relnamespace::regnamespace || '.' || c.relname || '.' || a.attname, a.attacl, c.relowner
    FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid WHERE a.attacl IS NOT NULL
    UNION ALL
    SELECT 'routine', pronamespace::regnamespace || '.' || proname, coalesce(proacl, acldefault('f', proowner)), proowner
    FROM pg_proc
    UNION ALL
    SELECT 'later ' || defaclobjtype::text, coalesce(n.nspname, ''), defaclacl, defaclrole
    FROM pg_default_acl LEFT JOIN pg_namespace AS n ON n.oid = defaclnamespace
  )
  SELECT coalesce(r.rolname, 'PUBLIC') || ': ' || e.privilege_type || ' on ' || l.kind || ' ' || l.name AS entry
  FROM lists AS l CROSS JOIN LATERAL aclexplode(l.list) AS e LEFT JOIN pg_roles AS r ON r.oid = e.grantee
  WHERE e.grantee <> l.owner AND l.name !~ '^(pg_|information_schema)'
  UNION ALL
  SELECT m.member::regrole || ': member of ' || m.roleid::regrole || CASE WHEN m.inherit_option THEN ', always' ELSE '' END
  FROM pg_auth_members AS m WHERE m.roleid::regrole::text !~ '^pg_' AND m.member::regrole::text !~ '^person_'`;

/** The permission model, as entries: a role has its own schema, with what is in it and what comes. */
const meant: readonly RegExp[] = [
  ...schemas.map((schema) => {
    const name = `${schema}(\\.\\w+)?`;
    return new RegExp(
      `^${roleOf(schema)}: (USAGE on schema ${schema}|SELECT on (view|later r) ${name}|EXECUTE on (routine|later f) ${name})$`,
    );
  }),
  // A service's login has its role's rights, and is believed about whom it acts for. Anybody may connect.
  new RegExp(`^(${databaseRoles.join('|')})_login: member of (\\1, always|application)$`),
  /^PUBLIC: CONNECT on database $/,
];
const isMeant = (entry: string): boolean => meant.some((pattern) => pattern.test(entry));

describeEngines('grants', (engine, testIf) => {
  const strays = async (grant = ''): Promise<string[]> => {
    await engine().sql(`BEGIN; ${grant}`);
    try {
      return (await engine().sql(entries)).map(({ entry }) => String(entry)).filter((one) => !isMeant(one));
    } finally {
      await engine().sql('ROLLBACK');
    }
  };

  testIf('access lists', 'nobody is granted anything but what the model says', async () => {
    expect(await strays()).toEqual([]);
    const found = (await engine().sql(entries)).map(({ entry }) => String(entry));
    const roles = new Set(found.map((entry) => entry.slice(0, entry.indexOf(':'))));
    expect(databaseRoles.filter((role) => !roles.has(role))).toEqual([]);
    expect(found.length).toBeGreaterThan(60);
  });

  const excess: Readonly<Record<string, string>> = {
    'GRANT UPDATE (email) ON orders.members TO logistics': 'logistics: UPDATE on column orders.members.email',
    'GRANT SELECT ON orders.members TO logistics': 'logistics: SELECT on table orders.members',
    'GRANT INSERT ON logistics.orders TO logistics': 'logistics: INSERT on view logistics.orders',
    'GRANT USAGE ON SCHEMA orders TO analytics': 'analytics: USAGE on schema orders',
    'GRANT CREATE ON SCHEMA sales TO sales': 'sales: CREATE on schema sales',
    'GRANT USAGE ON SEQUENCE orders.products_product_id_seq TO sales':
      'sales: USAGE on sequence orders.products_product_id_seq',
    'GRANT EXECUTE ON FUNCTION sales.retire_product TO PUBLIC':
      'PUBLIC: EXECUTE on routine sales.retire_product',
    'ALTER DEFAULT PRIVILEGES IN SCHEMA orders GRANT SELECT ON TABLES TO sales':
      'sales: SELECT on later r orders',
    'GRANT sales TO analytics': 'analytics: member of sales, always',
  };
  for (const [grant, entry] of Object.entries(excess)) {
    testIf('access lists', `sees ${grant}`, async () => {
      expect(await strays(grant)).toEqual([entry]);
    });
  }

  testIf('access lists', 'a right to one column of a table is in the account of rights', async () => {
    const probe = await engine().probe();
    const action = { schema: 'orders', object: 'members', kind: 'table', verb: 'update' } as const;
    const open = 'GRANT USAGE ON SCHEMA orders TO logistics';
    expect(await probe.account('logistics', action, [open])).toBe(false);
    const column = 'GRANT UPDATE (email) ON orders.members TO logistics';
    expect(await probe.account('logistics', action, [open, column])).toBe(true);
  });
});
