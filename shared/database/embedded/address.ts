import { readFile } from 'node:fs/promises';

export interface Host {
  readonly host: string;
  readonly port: number;
}

/**
 * A connection string as libpq takes it: `postgres://user:password@host:port/database`, or with several servers and the
 * passwords in a file `postgres:///database?host=a,b&port=1,2&passfile=…`.
 */
export interface Address {
  readonly hosts: readonly Host[];
  readonly database: string;
  /** Who signs in for every role; without one each role has its own login. */
  readonly user: string | undefined;
  password(user: string): Promise<string>;
}

const list = (text: string | null): string[] => (text === null || text === '' ? [] : text.split(','));

/** The password of the last field, where all others match; `*` matches everything. */
function fromPasswordFile(text: string, user: string, database: string): string {
  for (const line of text.split('\n')) {
    const [, , forDatabase, forUser, password] = line.split(':');
    const isFor = (field: string | undefined, value: string): boolean => field === '*' || field === value;
    if (isFor(forDatabase, database) && isFor(forUser, user) && password !== undefined) return password;
  }
  throw new Error(`The password file of the database has no line for ${user}.`);
}

export function parseAddress(text: string): Address {
  const url = new URL(text);
  const names = [...list(url.hostname), ...list(url.searchParams.get('host'))];
  const ports = [...list(url.port), ...list(url.searchParams.get('port'))].map(Number);
  const database = decodeURIComponent(url.pathname.slice(1));
  const file = url.searchParams.get('passfile');
  return {
    hosts: names.map((host, index) => ({ host, port: ports[index] ?? ports.at(-1) ?? 5432 })),
    database,
    user:
      url.username === '' ? (url.searchParams.get('user') ?? undefined) : decodeURIComponent(url.username),
    password: async (user) =>
      file === null
        ? decodeURIComponent(url.password)
        : fromPasswordFile(await readFile(file, 'utf8'), user, database),
  };
}
