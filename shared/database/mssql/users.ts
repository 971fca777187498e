import { withConnection } from './connect.ts';
import { configOf, type MssqlOptions } from './pools.ts';

/** A contained user of the database: an identity of Entra that is a member of roles, and no more. */
export interface DatabaseUser {
  readonly name: string;
  /** Client id of an application or managed identity, object id of a group. */
  readonly id: string;
  readonly kind: 'identity' | 'group';
  readonly roles: readonly string[];
}

const name = (text: string): string => `[${text.replaceAll(']', ']]')}]`;
const literal = (text: string): string => `N'${text.replaceAll("'", "''")}'`;

/** SQL Server's bytes of a GUID: its first three parts are little-endian. */
export function sidOf(id: string): string {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) throw new Error(`${id} is not a GUID`);
  const [a = '', b = '', c = '', ...rest] = id.toUpperCase().split('-');
  const turned = [a, b, c].map((part) => (part.match(/../g) ?? []).reverse().join(''));
  return `0x${turned.join('')}${rest.join('')}`;
}

/**
 * Makes the user with its SID, which needs no right to ask Entra (FROM EXTERNAL PROVIDER does); one whose identity was
 * made anew under the same name gets the new SID. Roles that it should not have any more are taken away.
 */
export function userStatements(user: DatabaseUser): string[] {
  const { id, kind } = user;
  // The API's identities are believed about whom they act for; see imaging.actor.
  const roles = kind === 'identity' ? [...user.roles, 'application'] : user.roles;
  const [own, text, sid] = [name(user.name), literal(user.name), sidOf(id)];
  const list = roles.map(literal).join(', ');
  return [
    `IF EXISTS (SELECT 1 FROM sys.database_principals WHERE name = ${text} AND sid <> ${sid}) DROP USER ${own};`,
    `IF USER_ID(${text}) IS NULL CREATE USER ${own} WITH SID = ${sid}, TYPE = ${kind === 'group' ? 'X' : 'E'};`,
    `DECLARE @taken nvarchar(max) = (
       SELECT STRING_AGG(CONVERT(nvarchar(max), N'ALTER ROLE ' + QUOTENAME(role.name) + N' DROP MEMBER ${own.replaceAll("'", "''")};'), N' ')
       FROM sys.database_role_members AS member
       JOIN sys.database_principals AS role ON role.principal_id = member.role_principal_id
       WHERE member.member_principal_id = USER_ID(${text}) AND role.name NOT IN (${list}));
     IF @taken IS NOT NULL EXEC (@taken);`,
    ...roles.map((role) => `ALTER ROLE ${name(role)} ADD MEMBER ${own};`),
  ];
}

/** Brings users and their roles to what is given; others are left alone. */
export async function ensureUsers(
  address: string,
  users: readonly DatabaseUser[],
  options: MssqlOptions = {},
): Promise<void> {
  await withConnection(configOf(address, 'storage_writer', options), async (pool) => {
    for (const statement of users.flatMap(userStatements)) await pool.request().batch(statement);
  });
}
