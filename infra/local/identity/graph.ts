import { roles, type Role } from '../../../shared/platform/auth/principal.ts';
import { personas } from './personas.ts';

/** The group of this machine's directory that gives a role, named as the teams' are in docs/database.md. */
const groupOf = (role: Role): string => `Team ${role.replace(/(?<=[a-z])(?=[A-Z])/g, ' ')}`;

const application = '1f0a7a3e-58a1-4c57-9c4e-0d3a2b6f1b00';
const idOf = (role: Role): string =>
  `${application.slice(0, -2)}${String(roles.indexOf(role) + 1).padStart(2, '0')}`;

const users = Object.entries(personas).map(([key, { oid: id, name: displayName, roles: its }]) => ({
  ...{ id, displayName, userPrincipalName: key, mail: `${key}@darkroom.example`, its },
}));

/** The clauses of an OData filter that compares fields with texts, one of which has to hold. */
function matches(filter: string): (user: Readonly<Record<string, unknown>>) => boolean {
  const clauses = [...filter.matchAll(/(\w+) eq '((?:[^']|'')*)'/g)].map(
    ([, field, text]) => [field!, text!.replaceAll("''", "'").toLowerCase()] as const,
  );
  return (user) => clauses.some(([field, text]) => String(user[field]).toLowerCase() === text);
}

/** What Microsoft Graph answers of people, groups and application roles, for the sample people; undefined elsewhere. */
export function graphAnswer(path: string, query: URLSearchParams): unknown {
  if (path === '/users') {
    const found = users.filter(matches(query.get('$filter') ?? ''));
    return { value: found.map(({ id, displayName }) => ({ id, displayName })) };
  }
  if (/^\/servicePrincipals\(appId='[\w-]+'\)$/.test(path))
    return { id: application, appRoles: roles.map((value) => ({ id: idOf(value), value })) };
  const id = /^\/users\/([\w-]+)\/appRoleAssignments$/.exec(path)?.[1];
  const user = users.find((one) => one.id === id);
  return (
    user && {
      value: user.its.map((role) => ({
        ...{ appRoleId: idOf(role), resourceId: application },
        ...{ principalType: 'Group', principalDisplayName: groupOf(role) },
      })),
    }
  );
}
