import pg from 'pg';
import { readMigrations, type AppliedMigration, type Migration } from './files.ts';
import { planMigrations } from './plan.ts';
import type { MigrationStatus } from './status.ts';

const createTable = `
  CREATE SCHEMA IF NOT EXISTS deployment;
  CREATE TABLE IF NOT EXISTS deployment.migrations (
    name       varchar(100)   NOT NULL CONSTRAINT pk_migrations PRIMARY KEY,
    checksum   varchar(64)    NOT NULL,
    applied_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
    applied_by varchar(200)   NOT NULL DEFAULT session_user
  )`;

/** Any number; whoever migrates holds this lock. */
const lockKey = 7_235_941;

async function transaction<T>(address: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: address });
  await client.connect();
  try {
    await client.query(`BEGIN; SELECT pg_advisory_xact_lock(${lockKey}); ${createTable}`);
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } finally {
    await client.end();
  }
}

async function appliedIn(client: pg.Client): Promise<AppliedMigration[]> {
  const { rows } = await client.query<{ name: string; checksum: string; applied_at: Date }>(
    'SELECT name, checksum, applied_at FROM deployment.migrations ORDER BY name',
  );
  return rows.map(({ name, checksum, applied_at }) => ({ name, checksum, appliedAt: applied_at }));
}

/** Applies what is pending, all in one transaction; answers the names. `address` signs in as the owner. */
export async function migrateEmbedded(address: string, given?: readonly Migration[]): Promise<string[]> {
  const files = given ?? (await readMigrations('embedded'));
  return transaction(address, async (client) => {
    const { pending } = planMigrations(files, await appliedIn(client), []);
    for (const { name, sql, checksum } of pending) {
      await client.query(sql).catch((cause: unknown) => {
        throw new Error(`The migration ${name} failed: ${(cause as Error).message}`, { cause });
      });
      await client.query('INSERT INTO deployment.migrations (name, checksum) VALUES ($1, $2)', [
        name,
        checksum,
      ]);
    }
    return pending.map(({ name }) => name);
  });
}

export async function embeddedStatus(address: string): Promise<MigrationStatus> {
  const files = await readMigrations('embedded');
  return transaction(address, async (client) => {
    const applied = await appliedIn(client);
    return { applied, ...planMigrations(files, applied, []) };
  });
}
