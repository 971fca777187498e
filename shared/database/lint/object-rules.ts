import { personalColumns, schemaOf, shownBy, teamSchemaOf } from './model.ts';
import type { Found, Rule } from './rule.ts';
import type { Read, Snapshot } from './snapshot.ts';

/** What a view reads, through other views of no team down to the tables. */
export function readsOf(
  view: string,
  { objects, reads }: Pick<Snapshot, 'objects' | 'reads'>,
  seen: readonly string[] = [],
): readonly Read[] {
  const isInner = ({ object }: Read): boolean =>
    teamSchemaOf(object) === undefined &&
    !seen.includes(object) &&
    objects.some(({ kind, name }) => kind === 'view' && name === object);
  return reads
    .filter((read) => read.view === view)
    .flatMap((read) =>
      isInner(read) ? readsOf(read.object, { objects, reads }, [...seen, read.object]) : [read],
    );
}

/** Views of teams, each with what of all that it reads is wrong. */
const inViews =
  (isWrong: (schema: keyof typeof shownBy, read: Read) => boolean, say: (read: Read) => string) =>
  (snapshot: Snapshot): readonly Found[] =>
    [...new Set(snapshot.reads.map(({ view }) => view))].flatMap((view) => {
      const schema = teamSchemaOf(view);
      if (schema === undefined) return [];
      const wrong = readsOf(view, snapshot).filter((read) => isWrong(schema, read));
      return [...new Set(wrong.map(say))].map((detail) => ({ object: view, detail }));
    });

const isOfEngine = (object: string): boolean =>
  ['pg_catalog', 'sys', 'information_schema'].includes(schemaOf(object).toLowerCase());

const nameOf = ({ object, column }: Read): string => `${object}.${column}`;

/** It names nothing but pg_catalog, with pg_temp last: without that, temporary objects are looked at first. */
const isFixed = (path: string | null): boolean => /^"?pg_catalog"?, *"?pg_temp"?$/.test(path ?? '');

export const objectRules: readonly Rule[] = [
  {
    name: 'definer-without-search-path',
    level: 'error',
    why: 'It runs with its owner’s rights and finds what it calls by a path that its caller sets: a function of theirs would run as the owner.',
    fix: 'SET search_path = pg_catalog, pg_temp on the routine, and write every name with its schema.',
    find: ({ engine, routines }) =>
      routines
        .filter(
          ({ runsAs, searchPath }) => engine === 'PostgreSQL' && runsAs !== 'caller' && !isFixed(searchPath),
        )
        .map(({ name, searchPath }) => ({
          object: name,
          detail: searchPath === null ? 'it sets no search path' : `its search path is ${searchPath}`,
        })),
  },
  {
    name: 'execute-as',
    level: 'error',
    why: 'Owners of schemas and tables are one, so procedures reach tables without it. With it the caller is no longer who they are: history names another, and it may do all that the owner may.',
    fix: 'Leave WITH EXECUTE AS out.',
    find: ({ engine, routines }) =>
      routines
        .filter(({ runsAs }) => engine === 'T-SQL' && runsAs !== 'caller')
        .map(({ name, runsAs }) => ({ object: name, detail: `it runs as ${runsAs}` })),
  },
  {
    name: 'object-of-another-owner',
    level: 'error',
    why: 'An owner can change it and grant it. And owner’s rights end where another’s objects begin: views and procedures over it are refused.',
    fix: 'ALTER … OWNER TO the owner of the database (T-SQL: ALTER AUTHORIZATION ON … TO dbo).',
    find: ({ owner, objects }) =>
      objects
        .filter((object) => object.owner !== owner)
        .map(({ kind, name, owner: other }) => ({ object: name, detail: `the ${kind} is ${other}’s` })),
  },
  {
    name: 'view-past-its-schema',
    level: 'error',
    why: 'A view reads with its owner’s rights, so its schema’s role sees all that it reads: here a table that this team is not to be shown, or another team’s schema.',
    fix: 'Take it out of the view; if the team is to be shown it, say so in shared/database/lint/model.ts and docs/database.md.',
    find: inViews(
      (schema, { object }) =>
        !isOfEngine(object) && schemaOf(object) !== schema && !shownBy[schema].includes(object),
      ({ object }) => `it reads ${object}`,
    ),
  },
  {
    name: 'personal-column-in-view',
    level: 'error',
    why: 'It tells of a person, and whoever may read the view may copy it: an erasure does not reach copies.',
    fix: 'Take it out of the view; analytics and the lake have a member’s random key instead.',
    find: inViews(
      (schema, read) => personalColumns[nameOf(read)]?.includes(schema) === false,
      (read) => `it reads ${nameOf(read)}`,
    ),
  },
  {
    name: 'row-security-not-in-force',
    level: 'error',
    why: 'Policies that are off hold for nobody; those that are not forced do not hold for the owner, with whose rights every view and procedure reads.',
    fix: 'ALTER TABLE … ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY, and a policy (T-SQL: ALTER SECURITY POLICY … WITH (STATE = ON)).',
    find: ({ rowSecurity }) =>
      rowSecurity
        .filter(({ isOn, isForced, policies }) => !(isOn && isForced && policies > 0))
        .map(({ name, policies, isOn }) => ({
          object: name,
          detail:
            policies === 0
              ? 'it has no policy'
              : isOn
                ? 'its policies do not hold for the owner'
                : 'its policies are off',
        })),
  },
  {
    name: 'switched-off',
    level: 'error',
    why: 'It stands in the schema and does nothing: rows that break the rule are let in, changes leave no history, a query finds no index.',
    fix: 'VALIDATE the constraint, REINDEX the index, ENABLE the trigger (T-SQL: WITH CHECK CHECK CONSTRAINT, REBUILD, ENABLE TRIGGER).',
    find: ({ switchedOff }) =>
      switchedOff.map(({ kind, name, table }) => ({
        object: `${table}.${name}`,
        detail: `the ${kind} is not in force`,
      })),
  },
];
