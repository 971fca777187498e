import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { databaseRoles } from '../../../shared/database/rights/types.ts';
import { loginOf } from '../../../shared/database/roles.ts';
import { writeWhole } from '../../write-whole.ts';
import { makePassword } from './data-directory.ts';

export const databaseName = 'darkroom';

/** Where the services' passwords are, in libpq's format, so that psql takes the same file. */
export const loginsFile = (folder: string): string => join(folder, 'logins');

/** An entry of the password file: host, port, database, user, password. */
const entry = (login: string): string => `127.0.0.1:*:*:${login}:${makePassword()}`;

function keptLogins(folder: string): [login: string, password: string][] {
  const file = loginsFile(folder);
  if (!existsSync(file)) {
    const lines = databaseRoles.map((role) => entry(loginOf(role)));
    writeWhole(file, `${lines.join('\n')}\n`);
  }
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => line.split(':').slice(3) as [string, string]);
}

/** How long a statement may run, and a transaction be idle, whoever forgot it. */
const guards = { statement_timeout: '60s', idle_in_transaction_session_timeout: '60s' } as const;
export const connectionLimit = 40;
const attributes = `LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS CONNECTION LIMIT ${connectionLimit}`;

function statementsFor(login: string, password: string): string[] {
  const role = login.slice(0, -loginOf('').length);
  return [
    `DO $$ BEGIN CREATE ROLE ${login}; EXCEPTION WHEN duplicate_object THEN NULL; END $$`,
    `ALTER ROLE ${login} ${attributes} PASSWORD ${pg.escapeLiteral(password)}`,
    `GRANT ${role} TO ${login} WITH INHERIT TRUE, SET FALSE`,
    `GRANT application TO ${login} WITH INHERIT FALSE, SET FALSE`,
    ...Object.entries(guards).map(([name, value]) => `ALTER ROLE ${login} SET ${name} = '${value}'`),
  ];
}

/** A login for each role of the database, with that role's rights and no others. `owner` signs in as the owner. */
export async function ensureLogins(owner: string, folder: string): Promise<void> {
  const client = new pg.Client({ connectionString: owner });
  await client.connect();
  try {
    const each = keptLogins(folder).flatMap(([login, password]) => statementsFor(login, password));
    await client.query(['BEGIN', ...each, 'COMMIT'].join(';\n'));
  } finally {
    await client.end();
  }
}

/** The database itself, which nobody but its logins and the owner may use. */
export async function ensureDatabase(maintenance: string): Promise<void> {
  const client = new pg.Client({ connectionString: maintenance });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [databaseName]);
    if (rowCount === 1) return;
    await client.query('REVOKE CONNECT, TEMPORARY ON DATABASE postgres, template1 FROM PUBLIC');
    await client.query(`CREATE DATABASE ${databaseName}`);
  } finally {
    await client.end();
  }
}
