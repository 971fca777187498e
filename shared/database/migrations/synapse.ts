import { withConnection } from '../mssql/connect.ts';
import { configOf, type MssqlOptions } from '../mssql/pools.ts';
import { readMigrations, type AppliedMigration, type Migration } from './files.ts';
import { batchesOf, type MigrationResult } from './mssql.ts';
import { dropOf, planMigrations } from './plan.ts';
import { analystStatements, type Analysts } from './synapse-analysts.ts';

export interface SynapseVariables {
  /** `https://ACCOUNT.dfs.core.windows.net/lake` */
  readonly LakeUrl: string;
}

const allowed: Readonly<Record<keyof SynapseVariables, RegExp>> = {
  LakeUrl: /^https:\/\/[a-z0-9]{3,24}\.(dfs|blob)\.[a-z0-9.-]+\/[a-z0-9-]+$/,
};

/** Fills `$(Name)` in, as sqlcmd does. Throws on a name that is not known or a value that could be more than a value. */
export function fillIn(text: string, variables: SynapseVariables): string {
  return text.replaceAll(/\$\((\w+)\)/g, (_, name: string) => {
    if (!(name in allowed)) throw new Error(`There is no variable $(${name}).`);
    const key = name as keyof SynapseVariables;
    if (!allowed[key].test(variables[key])) throw new Error(`${name} is not in the form that it needs.`);
    return variables[key];
  });
}

/** Runs a batch and answers its rows. */
export type RunBatch = (batch: string) => Promise<readonly Record<string, unknown>[]>;

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Serverless SQL has no tables: what is applied is kept as a view of constants, replaced with each migration. */
function recordView(applied: readonly AppliedMigration[]): string {
  const rows = applied.map(
    ({ name, checksum, appliedAt, objects }, index) =>
      `SELECT ${index} AS position, ${literal(name)} AS name, ${literal(checksum)} AS checksum, ` +
      `${literal(appliedAt.toISOString())} AS applied_at, ${literal(objects.join(','))} AS objects`,
  );
  return `CREATE OR ALTER VIEW deployment.migrations AS\n${rows.join('\nUNION ALL ')};`;
}

async function appliedIn(run: RunBatch): Promise<AppliedMigration[]> {
  const [found] = await run("SELECT OBJECT_ID(N'deployment.migrations') AS id");
  if (found?.['id'] === null || found?.['id'] === undefined) return [];
  const rows = await run(
    'SELECT name, checksum, applied_at, objects FROM deployment.migrations ORDER BY position',
  );
  return rows.map((row) => ({
    name: row['name'] as string,
    checksum: row['checksum'] as string,
    appliedAt: new Date(row['applied_at'] as string),
    objects: (row['objects'] as string).split(',').filter((object) => object !== ''),
  }));
}

/**
 * Applies what is pending by the same plan as the database's migrations. There are no transactions here, so each batch
 * is written to be repeated, a view is altered rather than dropped, and a file counts once its last batch is through.
 */
export async function applySynapse(
  run: RunBatch,
  files: readonly Migration[],
  variables: SynapseVariables,
  now: () => Date,
): Promise<MigrationResult> {
  await run("IF SCHEMA_ID(N'deployment') IS NULL EXEC (N'CREATE SCHEMA deployment')");
  const before = await appliedIn(run);
  const { pending, drops, removed, repeated } = planMigrations(files, before, []);
  const stays = new Set(repeated.flatMap(({ objects }) => objects));
  for (const object of drops) if (!stays.has(object)) await run(dropOf(object));
  let applied = before.filter(({ name }) => !removed.includes(name));
  for (const { name, sql: text, checksum, objects } of [...pending, ...repeated]) {
    for (const batch of batchesOf(fillIn(text, variables))) {
      await run(batch).catch((cause: unknown) => {
        throw new Error(`The migration ${name} failed: ${(cause as Error).message}`, { cause });
      });
    }
    applied = [
      ...applied.filter((done) => done.name !== name),
      { name, checksum, appliedAt: now(), objects },
    ];
    await run(recordView(applied));
  }
  return { applied: [...pending, ...repeated].map(({ name }) => name), skipped: [] };
}

function connected<T>(
  address: string,
  database: string,
  options: MssqlOptions,
  work: (run: RunBatch) => Promise<T>,
): Promise<T> {
  const config = {
    ...configOf(`${address};Database=${database}`, 'warehouse', options),
    requestTimeout: 300_000,
  };
  return withConnection(config, (pool) =>
    work(async (batch) => {
      const { recordsets } = await pool.request().batch<Record<string, unknown>>(batch);
      return (recordsets as Record<string, unknown>[][])[0] ?? [];
    }),
  );
}

const databaseName = 'darkroom';

/** Makes the database of a Synapse serverless endpoint (`WORKSPACE-ondemand.sql.azuresynapse.net`) and its views. */
export async function migrateSynapse(
  endpoint: string,
  variables: SynapseVariables,
  analysts: Analysts,
  options: MssqlOptions = {},
): Promise<MigrationResult> {
  const group = analystStatements(analysts);
  const address = `Server=${endpoint},1433;Encrypt=true`;
  await connected(address, 'master', options, async (run) => {
    await run(
      `IF DB_ID(N'${databaseName}') IS NULL CREATE DATABASE ${databaseName} COLLATE Latin1_General_100_BIN2_UTF8`,
    );
    for (const statement of group.master) await run(statement);
  });
  const files = await readMigrations('synapse');
  return connected(address, databaseName, options, async (run) => {
    const result = await applySynapse(run, files, variables, () => new Date());
    for (const statement of group.database) await run(statement);
    return result;
  });
}
