import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { rolesOfService, usersOf } from '../../infra/azure/database-users.ts';
import { lakeViewsOf } from '../../infra/azure/lake-views.ts';
import { sidOf, userStatements } from '../../shared/database/mssql/users.ts';

const sqlFiles = new URL('../../sql/azure/', import.meta.url);
const allSql = readdirSync(sqlFiles)
  .filter((file) => file.endsWith('.sql'))
  .map((file) => readFileSync(new URL(file, sqlFiles), 'utf8'))
  .join('\n');

const id = '00112233-4455-6677-8899-aabbccddeeff';

describe('views over the lake', () => {
  const deployed = {
    DARKROOM_SYNAPSE: 'darkroom-dev-x-ondemand.sql.azuresynapse.net',
    DARKROOM_LAKE_URL: 'https://darkroomlake.dfs.core.windows.net/lake',
  };

  test('are granted to the group that has the role analytics', () => {
    const groups = `sales=Team Sales:${id},analytics=Darkroom analysts:${id}`;
    expect(lakeViewsOf({ ...deployed, DARKROOM_DATABASE_GROUPS: groups })).toEqual({
      endpoint: deployed.DARKROOM_SYNAPSE,
      variables: { LakeUrl: deployed.DARKROOM_LAKE_URL },
      analysts: { name: 'Darkroom analysts', id },
    });
  });

  test('wait while no group has it, and say what is missing where sls deploy did not call', () => {
    expect(lakeViewsOf({ ...deployed, DARKROOM_DATABASE_GROUPS: `sales=Team Sales:${id}` })).toBeUndefined();
    expect(() => lakeViewsOf({})).toThrow('Set DARKROOM_SYNAPSE and DARKROOM_LAKE_URL');
  });
});

describe('users of the database', () => {
  test('a SID has the bytes in which SQL Server keeps a GUID', () => {
    // CAST(CAST('00112233-4455-6677-8899-AABBCCDDEEFF' AS uniqueidentifier) AS varbinary(16)), as documented.
    expect(sidOf(id)).toBe('0x33221100554477668899AABBCCDDEEFF');
  });

  test('an id that is no GUID never reaches a statement', () => {
    expect(() => sidOf("0'; DROP TABLE orders.members --")).toThrow('not a GUID');
  });

  test('a name cannot leave its quotes', () => {
    const statements = userStatements({ name: "o'brien]; DROP USER x", id, kind: 'group', roles: ['sales'] });
    expect(statements.at(-1)).toBe("ALTER ROLE [sales] ADD MEMBER [o'brien]]; DROP USER x];");
    expect(statements[1]).toContain("USER_ID(N'o''brien]; DROP USER x')");
  });

  test('every role of a service is one that the migrations create', () => {
    const roles = new Set(Object.values(rolesOfService).flat());
    for (const role of roles) expect(allSql).toMatch(new RegExp(`CREATE ROLE ${role}\\b`));
  });

  test('an app has the roles of its services, a group the one it is given', () => {
    const users = usersOf({
      DARKROOM_DATABASE_USERS: JSON.stringify({
        desks: { name: 'darkroom-dev-desks', clientId: id, services: ['logistics', 'sales', 'analytics'] },
      }),
      DARKROOM_DATABASE_GROUPS: `logistics=Team Logistics:${id}`,
    });
    expect(users).toEqual([
      {
        name: 'darkroom-dev-desks',
        id,
        kind: 'identity',
        roles: ['analytics', 'logistics', 'logistics_lead', 'sales'],
      },
      { name: 'Team Logistics', id, kind: 'group', roles: ['logistics'] },
    ]);
  });
});
