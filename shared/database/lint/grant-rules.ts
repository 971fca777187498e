import { teamOf, teamSchemaOf } from './model.ts';
import type { Rule } from './rule.ts';
import type { Grant, Snapshot } from './snapshot.ts';

const everybody = ['PUBLIC', 'public', 'guest'];

/** Whoever signs in may connect; SQL Server shows each database's column keys to all; engineering's page shows grants. */
const isOrdinary = ({ privilege, kind, grantee }: Grant): boolean =>
  kind === 'database' &&
  (privilege === 'CONNECT' ||
    privilege.startsWith('VIEW ANY COLUMN ') ||
    (privilege === 'VIEW DEFINITION' && grantee === 'engineering'));

type Whose = 'everybody' | 'login' | 'role';

const byGrantee = ({ grants, principals }: Snapshot, whose: Whose): readonly Grant[] => {
  const logins = new Set(principals.filter(({ kind }) => kind === 'login').map(({ name }) => name));
  const kindOf = (grantee: string): Whose =>
    everybody.includes(grantee) ? 'everybody' : logins.has(grantee) ? 'login' : 'role';
  return grants.filter((grant) => !isOrdinary(grant) && kindOf(grant.grantee) === whose);
};

const thingOf = ({ kind }: Grant): string =>
  kind.startsWith('later ') ? `each ${kind.slice('later '.length)} to come` : `the ${kind}`;

const found = (grant: Grant) => ({
  object: grant.object === '' ? 'database' : grant.object,
  detail: `${grant.grantee} has ${grant.privilege} on ${thingOf(grant)}`,
});

const isOfDatabase = ({ kind }: Grant): boolean => kind === 'database' || kind === 'other';
const holdsTables = (grant: Grant): boolean =>
  ['table', 'column', 'sequence'].includes(grant.kind) ||
  (!isOfDatabase(grant) && teamSchemaOf(grant.object) === undefined);
const isOwn = ({ grantee, object }: Grant): boolean => teamOf(object) === grantee;
const isReading = ({ privilege }: Grant): boolean => ['USAGE', 'SELECT', 'EXECUTE'].includes(privilege);

const ofRoles = (find: (grant: Grant) => boolean) => (snapshot: Snapshot) =>
  byGrantee(snapshot, 'role').filter(find).map(found);

export const grantRules: readonly Rule[] = [
  {
    name: 'grant-to-everybody',
    level: 'error',
    why: 'Whoever can connect has it, now and later: other teams, a login that is made for a test, one that was stolen.',
    fix: 'REVOKE it from PUBLIC (T-SQL: public, guest) and grant it to the role whose schema it is.',
    find: (snapshot) => byGrantee(snapshot, 'everybody').map(found),
  },
  {
    name: 'grant-to-login',
    level: 'error',
    why: 'A right of one person or app outlives their job, and no list of a role shows it.',
    fix: 'REVOKE it and make the login a member of the role, through its Entra group where it is a person.',
    find: (snapshot) => byGrantee(snapshot, 'login').map(found),
  },
  {
    name: 'right-on-table',
    level: 'error',
    why: 'Teams use views and procedures. A right on a table passes their rules by: the history, the states, what a view leaves out.',
    fix: 'REVOKE it. Show what is needed in a view, or do it in a procedure, of the schema of the role.',
    find: ofRoles(holdsTables),
  },
  {
    name: 'right-in-schema-of-another-team',
    level: 'error',
    why: 'A schema is for one role. A role that has two sees what the other team is shown, and nothing says so.',
    fix: 'REVOKE it. Who works for both teams is a member of both roles.',
    find: ofRoles((grant) => !isOfDatabase(grant) && !holdsTables(grant) && !isOwn(grant)),
  },
  {
    name: 'right-to-more-than-use',
    level: 'error',
    why: 'A simple view can be written through with its owner’s rights, and CREATE in a schema puts a view there that reads any table.',
    fix: 'REVOKE it: a team has USAGE on its schema, SELECT on its views and EXECUTE on its procedures.',
    find: ofRoles(
      (grant) => !isOfDatabase(grant) && !holdsTables(grant) && isOwn(grant) && !isReading(grant),
    ),
  },
  {
    name: 'right-on-database',
    level: 'error',
    why: 'It holds in every schema, or lets its holder make objects, act for others or see through masks.',
    fix: 'REVOKE it; the owner migrates, nobody else needs a right on the database but CONNECT.',
    find: ofRoles(isOfDatabase),
  },
  {
    name: 'right-that-can-be-passed-on',
    level: 'error',
    why: 'Whoever has it decides who else does. Rights change in migrations and groups, where somebody looks at them.',
    fix: 'REVOKE GRANT OPTION FOR …, or REVOKE ADMIN OPTION FOR ….',
    find: ({ grants, memberships }) => [
      ...grants
        .filter(({ canPassOn }) => canPassOn)
        .map((grant) => ({
          ...found(grant),
          detail: `${grant.grantee} may grant ${grant.privilege} to others`,
        })),
      ...memberships
        .filter(({ canPassOn }) => canPassOn)
        .map(({ role, member }) => ({ object: role, detail: `${member} may make others its members` })),
    ],
  },
];
