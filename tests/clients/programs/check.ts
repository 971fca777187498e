import { readFileSync } from 'node:fs';

/* What a client's program is told (environment) and tells (a JSON line a check). */

const given = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: start this by "npm run clients".`);
  return value;
};

/** Of the hubs. */
export const settings = {
  get client() {
    return given('CLIENT');
  },
  get hub() {
    return given('HUB');
  },
  get kafka() {
    return given('KAFKA');
  },
  get connectionString() {
    return given('CONNECTION_STRING');
  },
  get wrongConnectionString() {
    return given('WRONG_CONNECTION_STRING');
  },
  get token() {
    return given('TOKEN');
  },
  get outcomes() {
    return given('OUTCOMES');
  },
  /** What lies in that hub. */
  get outcome() {
    return given('OUTCOME');
  },
  /** What `npx darkroom kafka settings` prints. */
  printed: (side: 'producer' | 'consumer', client: string) =>
    given(`PRINTED_${side}_${client}`.toUpperCase()),
} as const;

/** Of resumable uploads. */
export const uploads = {
  get endpoint() {
    return given('UPLOADS');
  },
  get token() {
    return given('TOKEN');
  },
} as const;

export const tell = (line: object): void => console.log(JSON.stringify(line));

export function tellVersion(packageName: string): void {
  const file = new URL(`../../../node_modules/${packageName}/package.json`, import.meta.url);
  tell({ version: (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version });
}

export async function check(name: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
    tell({ check: name, ok: true });
  } catch (error) {
    tell({ check: name, ok: false, detail: error instanceof Error ? error.message : String(error) });
  }
}

export function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

/** Fails unless `work` does, with an error that `isExpected` knows. */
export async function mustFail(work: () => Promise<unknown>, isExpected: RegExp): Promise<void> {
  const told = await work().then(
    () => 'no error',
    (error: unknown) => JSON.stringify(error, Object.getOwnPropertyNames(error)),
  );
  must(isExpected.test(told), `${told.slice(0, 200)} instead of ${String(isExpected)}`);
}

/** Values of this client's records, so that it knows its own among those of others. */
export const values = Array.from({ length: 20 }, (_, index) => `${given('CLIENT')} ${index}`);
