import { codeOf, type Migration } from '../../shared/database/migrations/files.ts';

/** The schema that the first release runs on. Nothing ran before it, so its files may do anything. */
const firstRelease = { upTo: '003', andAzure: '103' } as const;

/** What the release before this one may still use, or cannot do without: taken away, renamed, or made stricter. */
const contracting: readonly (readonly [what: string, statement: RegExp])[] = [
  ['drops', /\bDROP\s+(TABLE|COLUMN|SCHEMA|VIEW|PROCEDURE|FUNCTION|TYPE)\b/i],
  ['renames', /\bsp_rename\b|\bRENAME\s+(TO|COLUMN|CONSTRAINT)\b/i],
  [
    'changes the type of a column',
    /\bALTER\s+COLUMN\s+\w+\s+(TYPE\b|SET\s+DATA\b|\w+\s*(\(|NOT NULL|NULL))/i,
  ],
  ['makes a column mandatory', /\bSET\s+NOT\s+NULL\b/i],
  [
    'adds a column that writers must know',
    /\bADD\s+(?:COLUMN\s+)?(?!CONSTRAINT\b)\w+\s[^,;]*\bNOT\s+NULL\b(?![^,;]*\bDEFAULT\b)/i,
  ],
  ['adds a check that old writers may fail', /\bADD\s+CONSTRAINT\s+\w+\s+(CHECK|UNIQUE|FOREIGN|EXCLUDE)\b/i],
  ['takes a right away', /\b(REVOKE|DENY)\b/i],
];

/** `-- contracts: NNN-words.sql`: what that file made unnecessary goes, a release after everything stopped to use it. */
const contractOf = (sql: string): string | undefined => /^-- contracts: (\S+)$/m.exec(sql)?.[1];

const isOfFirstRelease = (name: string): boolean =>
  name.slice(0, 3) <= firstRelease.upTo || (name >= '101' && name.slice(0, 3) <= firstRelease.andAzure);

const listed = (values: string): Set<string> =>
  new Set(Array.from(values.matchAll(/'([^']*)'/g), ([, value]) => value!));

/** Without a check of a list that takes all that its namesake of before took: what the old release writes passes it. */
function withoutWidened(code: string, before: string): string {
  return code.replaceAll(
    /\bADD\s+CONSTRAINT\s+(\w+)\s+CHECK\s*\(\w+ IN \(([^)]*)\)\)/gi,
    (statement, name: string, values: string) => {
      const earlier = [
        ...before.matchAll(new RegExp(`\\b${name}\\s+CHECK\\s*\\(\\w+ IN \\(([^)]*)\\)\\)`, 'gi')),
      ].at(-1);
      const isWidened =
        earlier !== undefined && [...listed(earlier[1]!)].every((value) => listed(values).has(value));
      return isWidened ? '' : statement;
    },
  );
}

/**
 * Where a numbered file would break the release before it, which has to run on this schema: `sls rollback` publishes that
 * release again and leaves the database as it is. A contraction names the file whose expansion it completes.
 */
export function contractionsIn(files: readonly Migration[]): readonly string[] {
  const numbered = files.filter(({ name }) => /^\d{3}-/.test(name));
  return numbered
    .filter(({ name }) => !isOfFirstRelease(name))
    .flatMap(({ name, sql }) => {
      const before = numbered.filter((file) => file.name < name).map((file) => codeOf(file.sql));
      const code = withoutWidened(codeOf(sql), before.join('\n'));
      const found = contracting.filter(([, statement]) => statement.test(code)).map(([what]) => what);
      const expanded = contractOf(sql);
      const isDeclared = numbered.some((file) => file.name === expanded && file.name < name);
      return found.length === 0 || isDeclared ? [] : [`${name} ${found.join(', ')}`];
    });
}
