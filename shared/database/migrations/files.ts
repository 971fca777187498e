import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';

/** What a migration is written for; a file without the header line `-- only: …` runs on any engine of its folder. */
export type Only = 'azure-sql' | 'synapse';

export interface Migration {
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the text with line ends as LF, hex. */
  readonly checksum: string;
  readonly only?: Only;
}

export interface AppliedMigration {
  readonly name: string;
  readonly checksum: string;
  readonly appliedAt: Date;
}

const named = /^\d{3}-[a-z0-9-]+\.sql$/;

/** The migrations of a folder of sql/, in their order. */
export async function readMigrations(folder: 'embedded' | 'azure' | 'synapse'): Promise<Migration[]> {
  const directory = new URL(`../../../sql/${folder}/`, import.meta.url);
  const names = (await readdir(directory)).filter((name) => name.endsWith('.sql')).sort();
  const stray = names.find((name) => !named.test(name));
  if (stray !== undefined) throw new Error(`sql/${folder}/${stray} is not named NNN-words.sql.`);
  const twice = names.find((name, index) => names[index + 1]?.slice(0, 3) === name.slice(0, 3));
  if (twice !== undefined) throw new Error(`sql/${folder} has two migrations ${twice.slice(0, 3)}.`);
  return Promise.all(
    names.map(async (name) => migrationOf(name, await readFile(new URL(name, directory), 'utf8'))),
  );
}

export function migrationOf(name: string, text: string): Migration {
  const sql = text.replaceAll('\r\n', '\n');
  const only = /^-- only: (azure-sql|synapse)$/m.exec(sql)?.[1] as Only | undefined;
  const checksum = createHash('sha256').update(sql).digest('hex');
  return { name, sql, checksum, ...(only === undefined ? {} : { only }) };
}
