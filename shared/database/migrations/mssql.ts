import sql from 'mssql';
import { withConnection } from '../mssql/connect.ts';
import { configOf, type MssqlOptions } from '../mssql/pools.ts';
import { capabilityQuery, isCapability, type Capability } from './capabilities.ts';
import { readMigrations, type AppliedMigration, type Migration } from './files.ts';
import { dropOf, planMigrations, type Plan } from './plan.ts';
import type { MigrationStatus } from './status.ts';

/** The record of what is applied. */
export const createTable = `
  IF SCHEMA_ID(N'deployment') IS NULL EXEC (N'CREATE SCHEMA deployment AUTHORIZATION dbo');
  IF OBJECT_ID(N'deployment.migrations') IS NULL
    CREATE TABLE deployment.migrations (
      name       nvarchar(100) NOT NULL CONSTRAINT pk_migrations PRIMARY KEY,
      checksum   nvarchar(64)  NOT NULL,
      applied_at datetime2(3)  NOT NULL CONSTRAINT df_migrations_applied_at DEFAULT SYSUTCDATETIME(),
      applied_by nvarchar(200) NOT NULL CONSTRAINT df_migrations_applied_by DEFAULT SUSER_SNAME(),
      objects    nvarchar(max) NOT NULL,
      position   int           NOT NULL IDENTITY(1, 1)
    );`;

/** How long a second runner waits for the first one. */
const lockTimeoutMs = 120_000;

export interface MigrationResult {
  readonly applied: readonly string[];
  /** Not for this server, by name. */
  readonly skipped: readonly string[];
}

/** `GO` on a line of its own ends a batch, as in sqlcmd. */
export const batchesOf = (text: string): string[] =>
  text
    .split(/^\s*GO\s*$/im)
    .map((batch) => batch.trim())
    .filter((batch) => batch !== '');

/** One connection, so that the lock, which belongs to its session, is held until the last migration is in. */
function connected<T>(
  address: string,
  options: MssqlOptions,
  work: (pool: sql.ConnectionPool) => Promise<T>,
): Promise<T> {
  const config = { ...configOf(address, 'storage_writer', options), requestTimeout: 600_000 };
  return withConnection(config, async (pool) => {
    await takeLock(pool);
    await pool.request().batch(createTable);
    return work(pool);
  });
}

/** Held by the session, so until the connection ends. */
async function takeLock(pool: sql.ConnectionPool): Promise<void> {
  const { recordset } = await pool
    .request()
    .query<{ answer: number }>(
      `DECLARE @answer int; EXEC @answer = sys.sp_getapplock @Resource = N'darkroom-migrations', ` +
        `@LockMode = N'Exclusive', @LockOwner = N'Session', @LockTimeout = ${lockTimeoutMs}; SELECT @answer AS answer;`,
    );
  if ((recordset[0]?.answer ?? -1) < 0) throw new Error('Another migration is still under way.');
}

async function appliedIn(pool: sql.ConnectionPool): Promise<AppliedMigration[]> {
  const { recordset } = await pool
    .request()
    .query<{ name: string; checksum: string; applied_at: Date; objects: string }>(
      'SELECT name, checksum, applied_at, objects FROM deployment.migrations ORDER BY position',
    );
  return recordset.map(({ name, checksum, applied_at, objects }) => ({
    name,
    checksum,
    appliedAt: applied_at,
    objects: JSON.parse(objects) as string[],
  }));
}

async function supportedBy(pool: sql.ConnectionPool): Promise<Capability[]> {
  const { recordset } = await pool.request().query<Record<Capability, number>>(capabilityQuery);
  return Object.entries(recordset[0] ?? {})
    .filter(([, has]) => has === 1)
    .map(([name]) => name)
    .filter(isCapability);
}

async function transaction(
  pool: sql.ConnectionPool,
  work: (one: sql.Transaction) => Promise<void>,
): Promise<void> {
  const one = pool.transaction();
  await one.begin();
  try {
    await work(one);
    await one.commit();
  } catch (error) {
    await one.rollback().catch(() => undefined);
    throw error;
  }
}

async function apply(one: sql.Transaction, { name, sql: text, checksum, objects }: Migration): Promise<void> {
  for (const [index, batch] of batchesOf(text).entries()) {
    await one
      .request()
      .batch(batch)
      .catch((cause: unknown) => {
        const message = `The migration ${name} failed in batch ${index + 1}: ${(cause as Error).message}`;
        throw new Error(message, { cause });
      });
  }
  await one
    .request()
    .input('name', sql.NVarChar(100), name)
    .input('checksum', sql.NVarChar(64), checksum)
    .input('objects', sql.NVarChar(sql.MAX), JSON.stringify(objects))
    .query('INSERT INTO deployment.migrations (name, checksum, objects) VALUES (@name, @checksum, @objects)');
}

async function repeat(one: sql.Transaction, { drops, removed, repeated }: Plan): Promise<void> {
  for (const object of drops) await one.request().batch(dropOf(object));
  for (const name of [...removed, ...repeated.map((file) => file.name)]) {
    const request = one.request().input('name', sql.NVarChar(100), name);
    await request.query('DELETE FROM deployment.migrations WHERE name = @name');
  }
  for (const migration of repeated) await apply(one, migration);
}

/**
 * Applies what is pending, each numbered migration with its record in one transaction and all repeatable ones in one,
 * one runner at a time.
 */
export async function migrateMssql(
  address: string,
  options: MssqlOptions = {},
  given?: readonly Migration[],
): Promise<MigrationResult> {
  const files = given ?? (await readMigrations('azure'));
  return connected(address, options, async (pool) => {
    const plan = planMigrations(files, await appliedIn(pool), await supportedBy(pool));
    for (const migration of plan.pending) await transaction(pool, (one) => apply(one, migration));
    await transaction(pool, (one) => repeat(one, plan));
    return {
      applied: [...plan.pending, ...plan.repeated].map(({ name }) => name),
      skipped: plan.skipped.map(({ name }) => name),
    };
  });
}

export async function mssqlStatus(address: string, options: MssqlOptions = {}): Promise<MigrationStatus> {
  const files = await readMigrations('azure');
  return connected(address, options, async (pool) => {
    const applied = await appliedIn(pool);
    return { applied, ...planMigrations(files, applied, await supportedBy(pool)) };
  });
}
