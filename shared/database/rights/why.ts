import type { DirectoryPerson, RoleGrant } from '../../platform/auth/directory.ts';
import { roles as appRoles, type Role } from '../../platform/auth/principal.ts';
import { DarkroomError } from '../../platform/errors.ts';
import type { Database } from '../port.ts';
import { pathsOf } from './paths.ts';

/** One way to an object, or one that ends before it. */
export interface Way {
  /** Through which they have the application role; null where it is theirs directly. */
  readonly group: string | null;
  readonly appRole: Role;
  readonly service: string;
  readonly databaseRole: string;
  /** Groups and logins that are members of the database role. */
  readonly members: readonly string[];
  readonly schema: string;
  /** Empty where the database role may do nothing with the object. */
  readonly verbs: readonly string[];
}

export interface Explanation {
  readonly object: string;
  readonly kind: string;
  readonly allowed: boolean;
  readonly ways: readonly Way[];
  /** Application roles that come to the object. */
  readonly rolesThatMay: readonly Role[];
  readonly reason: string;
  /** What is missing and who may grant it; null where nothing is. */
  readonly remedy: string | null;
}

interface ObjectRight {
  readonly role_name: string;
  readonly schema_name: string;
  readonly object_name: string;
  readonly kind: string;
  readonly verb: string;
  readonly allowed: boolean;
}

interface Catalogue {
  /** Of the object alone. */
  readonly rights: readonly ObjectRight[];
  readonly members: readonly { readonly role_name: string; readonly member_name: string }[];
}

function waysOf({ role, group }: RoleGrant, { rights, members }: Catalogue): readonly Way[] {
  return pathsOf[role].flatMap(({ service, databaseRoles }) =>
    databaseRoles.map((databaseRole) => ({
      ...{ group, appRole: role, service, databaseRole, schema: rights[0]!.schema_name },
      members: members
        .filter(({ role_name }) => role_name === databaseRole)
        .map(({ member_name }) => member_name),
      verbs: rights.filter((one) => one.allowed && one.role_name === databaseRole).map(({ verb }) => verb),
    })),
  );
}

const mayAny = (ways: readonly Way[]): boolean => ways.some(({ verbs }) => verbs.length > 0);

type Why = Pick<Explanation, 'reason' | 'remedy'>;

const tableReason =
  'No role is granted a table: tables are reached through views and procedures of a schema, with its owner’s rights.';

function whyNot(
  { kind, schema_name: schema }: ObjectRight,
  grants: readonly RoleGrant[],
  others: readonly Role[],
): Why {
  if (others.length > 0) {
    return {
      reason:
        grants.length === 0
          ? 'They have no application role, and without one every request is refused.'
          : `No role of theirs comes to schema ${schema}. These do: ${others.join(', ')}.`,
      remedy: `The application role ${others.join(' or ')}. An owner of the group that has it makes them a member; an administrator of the directory may assign it, too.`,
    };
  }
  const isTable = kind === 'table';
  return {
    reason: isTable
      ? tableReason
      : `No application role comes to schema ${schema}: it is for services and jobs.`,
    remedy: isTable
      ? 'A view or procedure in a schema of theirs, by a migration; nobody grants a right to the table.'
      : 'Nobody grants this to a person; what they need from it belongs in a schema of theirs, by a migration.',
  };
}

/** Why somebody with these application roles may do something with an object, or why not. */
function explainRights(grants: readonly RoleGrant[], catalogue: Catalogue): Explanation {
  const first = catalogue.rights[0]!;
  const isOpen = ({ verbs }: Way): number => (verbs.length > 0 ? 0 : 1);
  const ways = grants
    .flatMap((grant) => waysOf(grant, catalogue))
    .toSorted((left, right) => isOpen(left) - isOpen(right));
  const rolesThatMay = appRoles.filter((role) => mayAny(waysOf({ role, group: null }, catalogue)));
  const allowed = mayAny(ways);
  return {
    ...{ object: `${first.schema_name}.${first.object_name}`, kind: first.kind, allowed, ways, rolesThatMay },
    ...(allowed
      ? {
          reason: `It is in schema ${first.schema_name}: members of its role may read its views and run its procedures.`,
          remedy: null,
        }
      : whyNot(first, grants, rolesThatMay)),
  };
}

/** Asks the database of this moment. Throws `not-found` where it has no such object. */
export const makeExplainRights =
  (database: Database) =>
  async ({ grants }: Pick<DirectoryPerson, 'grants'>, object: string): Promise<Explanation> => {
    const [schema = '', name = '', ...more] = object.split('.');
    const rights = await database.query('operations', 'rights', {
      where: [
        { column: 'schema_name', operator: '=', value: schema },
        { column: 'object_name', operator: '=', value: name },
      ],
    });
    if (rights.length === 0 || more.length > 0) {
      const said = `The database has no ${object}. An object is written SCHEMA.NAME, as in sales.products.`;
      throw new DarkroomError('not-found', said);
    }
    const members = await database.query('operations', 'role_members', {
      orderBy: [
        ['role_name', 'asc'],
        ['member_name', 'asc'],
      ],
    });
    return explainRights(grants, { rights, members });
  };
