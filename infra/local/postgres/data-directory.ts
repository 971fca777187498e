import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { account, giveToAccount } from './account.ts';
import { postgresBinaries } from './binaries.ts';

/** The login that owns the database: migrations and sample data only, no service has it. */
export const owner = 'postgres';

/** Every sign-in by password (SCRAM), from this machine only. */
const accessRules = `
host replication replication_login 127.0.0.1/32 scram-sha-256
host all all 127.0.0.1/32 scram-sha-256
`;

export const makePassword = (): string => randomBytes(24).toString('base64url');

/** An empty directory that PostgreSQL's account alone may enter. */
export function makePrivateDirectory(directory: string): void {
  mkdirSync(directory, { mode: 0o700 });
  chmodSync(directory, 0o700);
  giveToAccount(directory);
}

export const isInitialised = (data: string): boolean => existsSync(join(data, 'PG_VERSION'));

/** Text that sorts and folds alike on every platform, instead of by the machine's own library. */
const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];

function runInitdb(data: string, passwordFile: string): Promise<void> {
  const args = ['--pgdata', data, '--username', owner, '--pwfile', passwordFile, '--auth=scram-sha-256'];
  const child = spawn(postgresBinaries().initdb, [...args, ...locale, '--no-sync', '--no-instructions'], {
    ...account,
    env: { ...process.env, LC_ALL: 'C' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk) => (said += String(chunk)));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`initdb ended with ${code}: ${said.trim()}`)),
    );
  });
}

/** Makes the data directory at `data`, whole or not at all; its owner signs in with `password`. */
export async function initialise(data: string, password: string): Promise<void> {
  const unfinished = `${data}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  makePrivateDirectory(unfinished);
  const passwordFile = join(unfinished, 'password');
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  giveToAccount(passwordFile);
  const directory = join(unfinished, 'data');
  makePrivateDirectory(directory);
  await runInitdb(directory, passwordFile);
  writeFileSync(join(directory, 'pg_hba.conf'), accessRules);
  renameSync(directory, data);
  rmSync(unfinished, { recursive: true, force: true });
}

/** A password kept in a file that its owner alone may read; made at first use, also when two need it at once. */
export function keptPassword(file: string): string {
  if (!existsSync(file)) {
    const own = `${file}.${process.pid}`;
    writeFileSync(own, makePassword(), { mode: 0o600 });
    try {
      linkSync(own, file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    rmSync(own);
  }
  return readFileSync(file, 'utf8');
}
