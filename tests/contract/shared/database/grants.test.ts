import { expect } from '@jest/globals';
import { databaseRoles, schemas } from '../../../../shared/database/rights/types.ts';
import { roleOf } from '../../../../shared/database/roles.ts';
import { describeEngines } from './support/describe-engines.ts';

/** Members of roles but of the engine's, and whether they have its rights always. */
const memberships = `
  SELECT m.member::regrole || ': member of ' || m.roleid::regrole || CASE WHEN m.inherit_option THEN ', always' ELSE '' END AS entry
  FROM pg_auth_members AS m WHERE m.roleid::regrole::text !~ '^pg_' AND m.member::regrole::text !~ '^person_'`;

/** The permission model, as entries: a role has its own schema, with what is in it and what comes. */
const meant: readonly RegExp[] = [
  ...schemas.map((schema) => {
    const name = `${schema}(\\.\\w+)?`;
    return new RegExp(
      `^${roleOf(schema)}: (USAGE on schema ${schema}|SELECT on (view|later table) ${name}|EXECUTE on (routine|later routine) ${name})$`,
    );
  }),
  // A service's login has its role's rights, and is believed about whom it acts for. Anybody may connect.
  new RegExp(`^(${databaseRoles.join('|')})_login: member of (\\1, always|application)$`),
  /^PUBLIC: CONNECT on database $/,
];
const isMeant = (entry: string): boolean => meant.some((pattern) => pattern.test(entry));

describeEngines('grants', (engine, testIf) => {
  /**
   * Every entry of every access list but the owner's own, whoever it is for: `ROLE: PRIVILEGE on KIND NAME`. Also such as give
   * nothing yet: a grant on a table in a schema that is not open waits for one on the schema.
   */
  const entries = async (grant = ''): Promise<string[]> => {
    const { grants } = await engine().snapshot(grant);
    await engine().sql(`BEGIN; ${grant}`);
    try {
      const members = await engine().sql(memberships);
      return [
        ...grants.map(
          ({ grantee, privilege, kind, object }) => `${grantee}: ${privilege} on ${kind} ${object}`,
        ),
        ...members.map(({ entry }) => String(entry)),
      ];
    } finally {
      await engine().sql('ROLLBACK');
    }
  };
  const strays = async (grant?: string): Promise<string[]> =>
    (await entries(grant)).filter((one) => !isMeant(one));

  testIf('access lists', 'nobody is granted anything but what the model says', async () => {
    expect(await strays()).toEqual([]);
    const found = await entries();
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
      'sales: SELECT on later table orders',
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
