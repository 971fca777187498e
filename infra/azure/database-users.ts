/**
 * Makes the function apps' identities and the teams' Entra groups users of the database, after its migrations:
 * `node infra/azure/database-users.ts`, with what `sls deploy` puts into the environment of its migrate commands.
 * Groups come from DARKROOM_DATABASE_GROUPS: `logistics=NAME:OBJECT_ID,sales=…`, a database role each.
 */
import { ensureUsers, type DatabaseUser } from '../../shared/database/mssql/users.ts';
import type { ServiceName } from '../../shared/platform/services.ts';

/** The database roles under which the code of a service calls. */
export const rolesOfService: Readonly<Record<ServiceName, readonly string[]>> = {
  upload: ['storage_writer', 'storage_reader'],
  stream: ['storage_writer'],
  processing: ['storage_writer', 'storage_reader'],
  read: ['storage_reader', 'storage_writer'],
  purge: ['storage_writer'],
  logistics: ['logistics', 'logistics_lead'],
  sales: ['sales'],
  analytics: ['analytics'],
  warehouse: ['warehouse'],
  operations: ['engineering', 'storage_reader', 'storage_writer'],
};

interface AppUser {
  readonly name: string;
  readonly clientId: string;
  readonly services: readonly ServiceName[];
}

const appUser = ({ name, clientId, services }: AppUser): DatabaseUser => ({
  name,
  id: clientId,
  kind: 'identity',
  roles: [...new Set(services.flatMap((service) => rolesOfService[service]))].sort(),
});

function groupUser(text: string): DatabaseUser {
  const match = /^(\w+)=(.+):([0-9a-f-]{36})$/i.exec(text.trim());
  const [, role, name, id] = match ?? [];
  if (role === undefined || name === undefined || id === undefined) {
    throw new Error('DARKROOM_DATABASE_GROUPS is a list of ROLE=GROUP:OBJECT_ID, separated by commas');
  }
  return { name, id, kind: 'group', roles: [role] };
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The teams' groups, as users of the database. */
export const groupsOf = (environment: Environment): readonly DatabaseUser[] =>
  (environment['DARKROOM_DATABASE_GROUPS'] ?? '')
    .split(',')
    .filter((one) => one.trim() !== '')
    .map(groupUser);

/** Users of a stage, from the environment of a migrate command. */
export function usersOf(environment: Environment): readonly DatabaseUser[] {
  const users = JSON.parse(environment['DARKROOM_DATABASE_USERS'] ?? '{}') as Record<string, AppUser>;
  return [...Object.values(users).map(appUser), ...groupsOf(environment)];
}

if (import.meta.main) {
  const users = usersOf(process.env);
  await ensureUsers(process.env['DARKROOM_DATABASE'] ?? '', users);
  for (const { name, roles } of users) console.log(`user ${name}: ${roles.join(', ')}`);
}
