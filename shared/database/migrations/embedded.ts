import pg from 'pg';
import { readMigrations, type AppliedMigration, type Migration } from './files.ts';
import { dropOf, planMigrations } from './plan.ts';
import type { MigrationStatus } from './status.ts';

const createTable = `
  CREATE SCHEMA IF NOT EXISTS deployment;
  CREATE TABLE IF NOT EXISTS deployment.migrations (
    name       varchar(100)   NOT NULL CONSTRAINT pk_migrations PRIMARY KEY,
    checksum   varchar(64)    NOT NULL,
    applied_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
    applied_by varchar(200)   NOT NULL DEFAULT session_user,
    objects    text[]         NOT NULL,
    position   integer        NOT NULL GENERATED ALWAYS AS IDENTITY
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
  const { rows } = await client.query<AppliedMigration>(
    'SELECT name, checksum, applied_at AS "appliedAt", objects FROM deployment.migrations ORDER BY position',
  );
  return rows;
}

async function apply(client: pg.Client, { name, sql, checksum, objects }: Migration): Promise<void> {
  await client.query(sql).catch((cause: unknown) => {
    throw new Error(`The migration ${name} failed: ${(cause as Error).message}`, { cause });
  });
  await client.query('INSERT INTO deployment.migrations (name, checksum, objects) VALUES ($1, $2, $3)', [
    name,
    checksum,
    objects,
  ]);
}

/** Applies what is pending or changed, all in one transaction; answers the names. `address` signs in as the owner. */
export async function migrateEmbedded(address: string, given?: readonly Migration[]): Promise<string[]> {
  const files = given ?? (await readMigrations('embedded'));
  return transaction(address, async (client) => {
    const { pending, drops, removed, repeated } = planMigrations(files, await appliedIn(client), []);
    for (const migration of pending) await apply(client, migration);
    for (const object of drops) await client.query(dropOf(object));
    const again = [...removed, ...repeated.map(({ name }) => name)];
    await client.query('DELETE FROM deployment.migrations WHERE name = ANY ($1)', [again]);
    for (const migration of repeated) await apply(client, migration);
    return [...pending, ...repeated].map(({ name }) => name);
  });
}

export async function embeddedStatus(address: string): Promise<MigrationStatus> {
  const files = await readMigrations('embedded');
  return transaction(address, async (client) => {
    const applied = await appliedIn(client);
    return { applied, ...planMigrations(files, applied, []) };
  });
}
