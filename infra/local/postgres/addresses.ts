import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { keptPassword, owner } from './data-directory.ts';
import { databaseName, loginsFile } from './logins.ts';

const ownerFile = (folder: string): string => join(folder, 'owner');

export const ownerPassword = (folder: string): string => keptPassword(ownerFile(folder));

/** How the owner signs in: with the password, so for private files and memory only. */
export const ownerAddress = (folder: string, port: number, database: string = databaseName): string =>
  `postgres://${owner}:${readFileSync(ownerFile(folder), 'utf8')}@127.0.0.1:${port}/${database}`;

/**
 * Where services connect, as libpq writes it: each signs in under the login of its role with the password from the file,
 * at the first of the servers that serves it.
 */
export function serviceAddress(
  folder: string,
  ports: readonly number[],
  database: string = databaseName,
): string {
  const query = new URLSearchParams({
    host: ports.map(() => '127.0.0.1').join(','),
    port: ports.join(','),
    passfile: loginsFile(folder),
  });
  return `postgres:///${database}?${query.toString()}`;
}
