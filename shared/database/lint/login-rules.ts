import { databaseRoles } from '../rights/types.ts';
import type { Found, Rule } from './rule.ts';
import type { Snapshot } from './snapshot.ts';

/** `application` says whom its members are believed to act for, and has no right of its own. */
const ordinaryRoles = [...databaseRoles, 'application'];

function strongMemberships({ memberships, principals }: Snapshot): readonly Found[] {
  const roles = new Set(principals.filter(({ kind }) => kind === 'role').map(({ name }) => name));
  return memberships
    .filter(({ role, member }) => roles.has(member) || !ordinaryRoles.includes(role))
    .map(({ role, member }) => ({ object: member, detail: `it is a member of ${role}` }));
}

/** A login that reads the log for the standby serves no team: that is all it may be. */
function powers({ owner, principals, memberships }: Snapshot): readonly Found[] {
  const isMember = (name: string): boolean => memberships.some(({ member }) => member === name);
  return principals
    .filter(({ name }) => name !== owner)
    .map(({ name, powers: all }) => ({
      name,
      its: all.filter((power) => power !== 'REPLICATION' || isMember(name) || all.length > 1),
    }))
    .filter(({ its }) => its.length > 0)
    .map(({ name, its }) => ({ object: name, detail: `it has ${its.join(', ')}` }));
}

const faultOf = {
  missing: 'it signs in and has no password',
  md5: 'its password is kept as an MD5 hash, which can be replayed',
  'in the database': 'its password is in the database, where no rule of the directory holds for it',
} as const;

function passwords({ principals }: Snapshot): readonly Found[] {
  return principals.flatMap(({ name, password }) =>
    password === 'none' || password === 'kept' ? [] : [{ object: name, detail: faultOf[password] }],
  );
}

export const loginRules: readonly Rule[] = [
  {
    name: 'member-of-stronger-role',
    level: 'error',
    why: 'A role in a role has the rights of both, and one that the engine brings (pg_read_all_data, db_datareader) passes every schema by.',
    fix: 'REVOKE the membership (T-SQL: ALTER ROLE … DROP MEMBER). Members of a role are logins and groups.',
    find: strongMemberships,
  },
  {
    name: 'login-with-power',
    level: 'error',
    why: 'SUPERUSER and BYPASSRLS pass every rule by, CREATEROLE makes members of any role, REPLICATION reads every row there is.',
    fix: 'ALTER ROLE … NOSUPERUSER NOCREATEROLE NOCREATEDB NOBYPASSRLS NOREPLICATION.',
    find: powers,
  },
  {
    name: 'login-without-password-rule',
    level: 'warning',
    why: 'Who signs in with nothing, or with what no directory can end, stays signed in when they should not be.',
    fix: 'PostgreSQL: a password under scram-sha-256. Azure SQL: CREATE USER … FROM EXTERNAL PROVIDER, no user with a password.',
    find: passwords,
  },
];
