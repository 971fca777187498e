import { roles as appRoles, type Role } from '../../platform/auth/principal.ts';
import { pathsOf } from './paths.ts';
import type { ReportedRight } from './report.ts';
import type { RoleMembers } from './types.ts';

/** One way to an object, or one that ends before it. */
export interface Way {
  readonly appRole: Role;
  readonly service: string;
  readonly databaseRole: string;
  /** Groups and logins that are members of the database role. */
  readonly members: readonly string[];
  /** Empty where the database role may do nothing with the object. */
  readonly verbs: readonly string[];
}

export interface Explanation {
  readonly object: string;
  readonly allowed: boolean;
  readonly ways: readonly Way[];
  /** Application roles that come to the object. */
  readonly rolesThatMay: readonly Role[];
  readonly reason: string;
}

interface Catalogue {
  readonly rights: readonly ReportedRight[];
  /** By database role. */
  readonly members: RoleMembers;
}

function waysOf(role: Role, object: readonly ReportedRight[], { members }: Catalogue): readonly Way[] {
  return pathsOf[role].flatMap(({ service, databaseRoles }) =>
    databaseRoles.map((databaseRole) => ({
      ...{ appRole: role, service, databaseRole, members: members.get(databaseRole) ?? [] },
      verbs: object.filter((one) => one.allowed && one.role === databaseRole).map(({ verb }) => verb),
    })),
  );
}

const mayAny = (ways: readonly Way[]): boolean => ways.some(({ verbs }) => verbs.length > 0);

function reasonOf({ kind, schema }: ReportedRight, roles: readonly Role[], others: readonly Role[]): string {
  if (roles.length === 0) return 'They have no application role, and without one every request is refused.';
  if (others.length > 0) {
    return `No role of theirs comes to schema ${schema}. These do: ${others.join(', ')}.`;
  }
  return kind === 'table'
    ? 'No role is granted a table: tables are reached through views and procedures of a schema, with its owner’s rights.'
    : `No application role comes to schema ${schema}: it is for services and jobs.`;
}

/** Why somebody with these application roles may do something with an object, or why not. Throws where there is no such object. */
export function explainRights(roles: readonly Role[], object: string, catalogue: Catalogue): Explanation {
  const its = catalogue.rights.filter((one) => `${one.schema}.${one.object}` === object);
  const [first] = its;
  if (first === undefined)
    throw new Error(`The database has no ${object}. An object is written SCHEMA.NAME.`);
  const ways = roles.flatMap((role) => waysOf(role, its, catalogue));
  const rolesThatMay = appRoles.filter((role) => mayAny(waysOf(role, its, catalogue)));
  const allowed = mayAny(ways);
  const schemaGrant = `members of its role may read its views and run its procedures`;
  return {
    ...{ object, allowed, ways, rolesThatMay },
    reason: allowed
      ? `It is in schema ${first.schema}: ${schemaGrant}.`
      : reasonOf(first, roles, rolesThatMay),
  };
}
