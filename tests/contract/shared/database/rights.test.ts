import { beforeAll, expect, test } from '@jest/globals';
import { makeReportRights } from '../../../../shared/database/rights/report.ts';
import {
  databaseRoles,
  isMeant,
  schemas,
  type Answer,
  type Action,
  type RightsProbe,
} from '../../../../shared/database/rights/types.ts';
import { makeExplainRights } from '../../../../shared/database/rights/why.ts';
import type { Role } from '../../../../shared/platform/auth/principal.ts';
import { systemClock } from '../../../../shared/platform/clock.ts';
import { DarkroomError } from '../../../../shared/platform/errors.ts';
import { codeOf, describeEngines, errorOf } from './support/describe-engines.ts';

const nameOf = (role: string, { schema, object, verb }: Action): string =>
  `${role} may ${verb} ${schema}.${object}`;

describeEngines('rights', (engine, testIf) => {
  let probe: RightsProbe;
  let actions: readonly Action[];
  const owners = new Map<Action, Answer>();

  beforeAll(async () => {
    probe = await engine().probe();
    actions = await probe.actions();
    for (const action of actions) owners.set(action, await probe.attempt(undefined, action));
  }, 120_000);

  test('the matrix covers every schema, tables included', () => {
    const covered = new Set(actions.map(({ schema }) => schema));
    expect([...schemas, 'imaging', 'orders'].filter((schema) => !covered.has(schema))).toEqual([]);
    expect(actions.filter(({ kind }) => kind === 'table').length).toBeGreaterThan(50);
  });

  for (const role of databaseRoles) {
    const title = `${role} may do exactly what the model says, each denial beside an owner who may`;
    const hold = async () => {
      const wrong: string[] = [];
      for (const action of actions) {
        const answer = await probe.attempt(role, action);
        const owner = owners.get(action);
        if (isMeant(role, action)) {
          if (answer !== 'allowed') wrong.push(`${nameOf(role, action)}: ${answer}`);
        } else if (answer === 'allowed') {
          wrong.push(`${nameOf(role, action)}: allowed`);
        } else if (answer === 'denied' && owner === 'denied') {
          wrong.push(`${nameOf(role, action)}: the control is denied, too`);
        } else if (answer === 'impossible' && owner !== 'impossible') {
          wrong.push(`${nameOf(role, action)}: impossible, though the owner's is ${owner}`);
        }
      }
      expect(wrong).toEqual([]);
    };
    testIf('ownership chaining', title, hold, 120_000);
  }

  testIf('permission catalogue', "the engine's own account of rights is the model", async () => {
    const report = await makeReportRights({ database: engine().database, clock: systemClock })();
    expect(report.differences).toEqual([]);
    expect(report.rights.filter(({ allowed }) => allowed).length).toBeGreaterThan(60);
    const described = new Set(report.rights.map(({ schema, object, verb }) => `${schema}.${object} ${verb}`));
    expect(
      actions.filter(({ schema, object, verb }) => !described.has(`${schema}.${object} ${verb}`)),
    ).toEqual([]);
  });

  testIf(
    'permission catalogue',
    'say why somebody comes to an object, and why somebody else does not',
    async () => {
      const explain = makeExplainRights(engine().database);
      const why = (roles: readonly Role[], object: string, group: string | null = null) =>
        explain({ grants: roles.map((role) => ({ role, group })) }, object);
      const products = await why(['Sales'], 'sales.products', 'Team Sales');
      const way = { appRole: 'Sales', service: 'sales', databaseRole: 'sales', schema: 'sales' };
      expect(products).toMatchObject({
        ...{ object: 'sales.products', kind: 'view', allowed: true, remedy: null, rolesThatMay: ['Sales'] },
        ways: [{ ...way, group: 'Team Sales', verbs: ['select'] }],
      });
      expect(products.ways[0]!.members.length).toBeGreaterThan(0);
      const refused = await why(['Logistics'], 'sales.products');
      expect(refused).toMatchObject({ allowed: false, ways: [{ databaseRole: 'logistics', verbs: [] }] });
      expect(refused.reason).toBe('No role of theirs comes to schema sales. These do: Sales.');
      expect(refused.remedy).toMatch(/^The application role Sales\. An owner of the group that has it/);
      expect(await why(['Logistics'], 'logistics_lead.reopen_order')).toMatchObject({
        allowed: false,
        rolesThatMay: ['LogisticsLead'],
      });
      const both = await why(['Logistics', 'LogisticsLead'], 'logistics_lead.reopen_order');
      expect(both.ways.filter(({ verbs }) => verbs.length > 0)).toMatchObject([
        { appRole: 'LogisticsLead', databaseRole: 'logistics_lead', verbs: ['execute'] },
      ]);
      const table = await why(['Engineering', 'Sales'], 'orders.products');
      expect([table.allowed, table.rolesThatMay, table.reason]).toEqual([
        false,
        [],
        expect.stringContaining('No role is granted a table'),
      ]);
      expect(table.remedy).toContain('nobody grants a right to the table');
      expect((await why(['Sales'], 'storefront.place_order')).reason).toContain('services and jobs');
      expect((await why([], 'sales.products')).reason).toContain('no application role');
      for (const none of ['sales.product', 'sales', 'sales.products.name', ''])
        expect(await codeOf(why(['Sales'], none))).toBe('not-found');
    },
  );

  test('a refusal names no object of another team', async () => {
    const { database } = await engine().person('logistics');
    const refused = await errorOf(database.query('sales', 'products'));
    expect(refused).toBeInstanceOf(DarkroomError);
    expect((refused as DarkroomError).code).toBe('forbidden');
    expect((refused as DarkroomError).message).not.toMatch(/sales|product|schema/i);
    expect(await database.query('logistics', 'orders', { limit: 1 })).toEqual([]);
  });
});
