import sql from 'mssql';
import { configOf, type MssqlOptions } from '../mssql/pools.ts';
import { readMigrations, type AppliedMigration, type Migration, type Only } from './files.ts';
import { planMigrations } from './plan.ts';
import type { MigrationStatus } from './status.ts';

const createTable = `
  IF SCHEMA_ID(N'deployment') IS NULL EXEC (N'CREATE SCHEMA deployment AUTHORIZATION dbo');
  IF OBJECT_ID(N'deployment.migrations') IS NULL
    CREATE TABLE deployment.migrations (
      name       nvarchar(100) NOT NULL CONSTRAINT pk_migrations PRIMARY KEY,
      checksum   nvarchar(64)  NOT NULL,
      applied_at datetime2(3)  NOT NULL CONSTRAINT df_migrations_applied_at DEFAULT SYSUTCDATETIME(),
      applied_by nvarchar(200) NOT NULL CONSTRAINT df_migrations_applied_by DEFAULT SUSER_SNAME()
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
async function connected<T>(
  address: string,
  options: MssqlOptions,
  work: (pool: sql.ConnectionPool) => Promise<T>,
): Promise<T> {
  const config = configOf(address, 'storage_writer', options);
  const pool = new sql.ConnectionPool({ ...config, requestTimeout: 600_000, pool: { max: 1, min: 1 } });
  await pool.connect();
  try {
    await takeLock(pool);
    await pool.request().batch(createTable);
    return await work(pool);
  } finally {
    await pool.close();
  }
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
    .query<{ name: string; checksum: string; applied_at: Date }>(
      'SELECT name, checksum, applied_at FROM deployment.migrations ORDER BY name',
    );
  return recordset.map(({ name, checksum, applied_at }) => ({ name, checksum, appliedAt: applied_at }));
}

/** Azure SQL Database says so itself (engine edition 5); Synapse serverless is 11. */
async function supportedBy(pool: sql.ConnectionPool): Promise<Only[]> {
  const { recordset } = await pool
    .request()
    .query<{ edition: number; version: string }>(
      "SELECT CONVERT(int, SERVERPROPERTY('EngineEdition')) AS edition, @@VERSION AS version",
    );
  const first = recordset[0];
  if (first === undefined || first.version.includes('Babelfish')) return [];
  return first.edition === 5 ? ['azure-sql'] : first.edition === 11 ? ['synapse'] : [];
}

async function apply(pool: sql.ConnectionPool, { name, sql: text, checksum }: Migration): Promise<void> {
  const transaction = pool.transaction();
  await transaction.begin();
  let batch = 0;
  try {
    for (const statement of batchesOf(text)) {
      batch += 1;
      await transaction.request().batch(statement);
    }
    await transaction
      .request()
      .input('name', sql.NVarChar(100), name)
      .input('checksum', sql.NVarChar(64), checksum)
      .query('INSERT INTO deployment.migrations (name, checksum) VALUES (@name, @checksum)');
    await transaction.commit();
  } catch (cause) {
    await transaction.rollback().catch(() => undefined);
    throw new Error(`The migration ${name} failed in batch ${batch}: ${(cause as Error).message}`, { cause });
  }
}

/** Applies what is pending, each migration with its record in one transaction, one runner at a time. */
export async function migrateMssql(
  address: string,
  options: MssqlOptions = {},
  given?: readonly Migration[],
): Promise<MigrationResult> {
  const files = given ?? (await readMigrations('azure'));
  return connected(address, options, async (pool) => {
    const { pending, skipped } = planMigrations(files, await appliedIn(pool), await supportedBy(pool));
    for (const migration of pending) await apply(pool, migration);
    return { applied: pending.map(({ name }) => name), skipped: skipped.map(({ name }) => name) };
  });
}

export async function mssqlStatus(address: string, options: MssqlOptions = {}): Promise<MigrationStatus> {
  const files = await readMigrations('azure');
  return connected(address, options, async (pool) => {
    const applied = await appliedIn(pool);
    return { applied, ...planMigrations(files, applied, await supportedBy(pool)) };
  });
}
