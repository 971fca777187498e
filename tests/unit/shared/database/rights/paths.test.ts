import { existsSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { rolesOfService } from '../../../../../infra/azure/database-users.ts';
import { pathsOf } from '../../../../../shared/database/rights/paths.ts';
import { roles, type Role } from '../../../../../shared/platform/auth/principal.ts';
import { serviceNames } from '../../../../../shared/platform/services.ts';

interface RolesOfRoute {
  readonly roles?: readonly Role[];
}

/** The application roles that a service's routes let in. */
async function letIn(service: string): Promise<readonly Role[]> {
  const file = new URL(`../../../../../functions/${service}/routes.ts`, import.meta.url);
  if (!existsSync(file)) return [];
  const routes = (await import(file.href)) as Record<string, RolesOfRoute>;
  const named = new Set(Object.values(routes).flatMap((route) => route.roles ?? []));
  return roles.filter((role) => named.has(role));
}

describe('the paths from an application role to the database', () => {
  test.each(serviceNames)(
    'lead through %s for the roles that its routes let in, and no other',
    async (service) => {
      const led = roles.filter((role) => pathsOf[role].some((path) => path.service === service));
      expect(led).toEqual(await letIn(service));
    },
  );

  test('use only database roles that the service has', () => {
    for (const { service, databaseRoles } of Object.values(pathsOf).flat()) {
      expect(databaseRoles.filter((role) => !rolesOfService[service].includes(role))).toEqual([]);
    }
  });
});
