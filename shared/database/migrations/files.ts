import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { isCapability, type Capability } from './capabilities.ts';

/** A file of sql/: a numbered one is applied once; a repeatable one again whenever its text has changed. */
export interface Migration {
  /** `NNN-words.sql`, or `repeatable/words.sql`. */
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the text with line ends as LF, hex. */
  readonly checksum: string;
  /** What it takes of the server, from its line `-- needs: …`. */
  readonly needs: readonly Capability[];
  /** What a repeatable file makes, in its order, as `VIEW schema.name` or `TRIGGER name ON schema.table`. */
  readonly objects: readonly string[];
}

export interface AppliedMigration {
  readonly name: string;
  readonly checksum: string;
  readonly appliedAt: Date;
  readonly objects: readonly string[];
}

const folderOfRepeatables = 'repeatable/';
const numbered = /^\d{3}-[a-z0-9-]+\.sql$/;
const repeatable = /^repeatable\/[a-z_-]+\.sql$/;

export const isRepeatable = ({ name }: { readonly name: string }): boolean =>
  name.startsWith(folderOfRepeatables);

/** The files of a folder of sql/: the numbered ones in their order, then the repeatable ones. */
export async function readMigrations(folder: 'embedded' | 'azure' | 'synapse'): Promise<Migration[]> {
  const directory = new URL(`../../../sql/${folder}/`, import.meta.url);
  const names = (await readdir(directory, { recursive: true }))
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.sql'))
    .sort();
  const stray = names.find((name) => !numbered.test(name) && !repeatable.test(name));
  if (stray !== undefined) {
    throw new Error(`sql/${folder}/${stray} is named neither NNN-words.sql nor repeatable/words.sql.`);
  }
  const twice = names.find(
    (name, index) => numbered.test(name) && names[index + 1]?.startsWith(name.slice(0, 4)),
  );
  if (twice !== undefined) throw new Error(`sql/${folder} has two migrations ${twice.slice(0, 3)}.`);
  return Promise.all(
    names.map(async (name) => migrationOf(name, await readFile(new URL(name, directory), 'utf8'))),
  );
}

export function migrationOf(name: string, text: string): Migration {
  const sql = text.replaceAll('\r\n', '\n');
  const checksum = createHash('sha256').update(sql).digest('hex');
  const needs = (/^-- needs: (.*)$/m.exec(sql)?.[1] ?? '').split(', ').filter((need) => need !== '');
  const unknown = needs.find((need) => !isCapability(need));
  if (unknown !== undefined) throw new Error(`${name} needs ${unknown}, which is no capability.`);
  const objects = isRepeatable({ name }) ? objectsOf(sql) : [];
  return { name, sql, checksum, needs: needs.filter(isCapability), objects };
}

/** The text without comments and quotes around names. */
export const codeOf = (sql: string): string => sql.replaceAll(/--.*$/gm, '').replaceAll(/[[\]"]/g, '');

const created = /\bCREATE (?:OR ALTER )?(VIEW|PROCEDURE|FUNCTION|TRIGGER) ([\w.]+)(?=([^;]*? ON \w+\.\w+)?)/g;

function objectsOf(sql: string): string[] {
  const objects = [...codeOf(sql).matchAll(created)].map(([, kind, name, event]) => {
    // A trigger of PostgreSQL has its name within its table; one of SQL Server has it within the schema.
    const table = kind === 'TRIGGER' && !name!.includes('.') ? / ON \w+\.\w+$/.exec(event ?? '')?.[0] : '';
    return `${kind} ${name}${table}`;
  });
  return [...new Set(objects)];
}
