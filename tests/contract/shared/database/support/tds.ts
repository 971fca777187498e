import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
// The suite's own way in, beside the port: to make databases and logins, and to look at what the port did.

import sql from 'mssql';
import { databaseCollation } from '../../../../../shared/database/collation.ts';
import type { Database } from '../../../../../shared/database/port.ts';
import { readMigrations, type Migration } from '../../../../../shared/database/migrations/files.ts';
import { batchesOf, migrateMssql } from '../../../../../shared/database/migrations/mssql.ts';
import { openMssql } from '../../../../../shared/database/mssql/database.ts';
import type { Login } from '../../../../../shared/database/mssql/pools.ts';
import { tsqlSnapshotOf } from '../../../../../shared/database/lint/tsql.ts';
import { withRetry } from '../../../../../shared/database/retry.ts';
import { probeMssql } from '../../../../../shared/database/rights/mssql.ts';
import { databaseRoles } from '../../../../../shared/database/rights/types.ts';
import {
  withExtra,
  type Engine,
  type EngineCatalogue,
  type EngineColumn,
  type EngineKind,
  type Limit,
} from './engine.ts';

const at = (address: string, database: string): string =>
  `${address.replace(/;?$/, ';')}Database=${database}`;

async function catalogue(pool: sql.ConnectionPool, schema: string): Promise<EngineCatalogue> {
  const list = async (statement: string): Promise<Record<string, EngineColumn[]>> => {
    const { recordset } = await pool
      .request()
      .input('schema', schema)
      .query<{ object: string; name: string | null; type: string | null }>(statement);
    const result: Record<string, EngineColumn[]> = {};
    for (const { object, name, type } of recordset) {
      const columns = (result[object] ??= []);
      if (name !== null && type !== null) columns.push({ name: name.replace('@', ''), type });
    }
    return result;
  };
  return {
    views: await list(
      `SELECT o.name AS object, c.name, TYPE_NAME(c.user_type_id) AS type
       FROM sys.views AS o JOIN sys.columns AS c ON c.object_id = o.object_id
       WHERE SCHEMA_NAME(o.schema_id) = @schema ORDER BY o.name, c.column_id`,
    ),
    procedures: await list(
      `SELECT o.name AS object, p.name, TYPE_NAME(p.user_type_id) AS type
       FROM sys.procedures AS o LEFT JOIN sys.all_parameters AS p ON p.object_id = o.object_id AND p.parameter_id > 0
       WHERE SCHEMA_NAME(o.schema_id) = @schema ORDER BY o.name, p.parameter_id`,
    ),
  };
}

/** `schema.name` of the procedures that have a table variable. */
async function withTableVariables(): Promise<ReadonlySet<string>> {
  const batches = (await readMigrations('azure')).flatMap(({ sql: text }) => batchesOf(text));
  return new Set(
    batches
      .filter((batch) => /DECLARE @\w+ TABLE/.test(batch))
      .map((batch) => /CREATE PROCEDURE (\w+\.\w+)/.exec(batch)?.[1] ?? ''),
  );
}

/**
 * A connection of its own for each of these procedures. A T-SQL compatible PostgreSQL loses the plan of a foreign key's
 * check when a session that has one runs a procedure with a table variable; a session that is new has none yet.
 */
function freshConnections(open: () => Database, procedures: ReadonlySet<string>): Database {
  const shared = open();
  return {
    ...shared,
    execute: (role, procedure, parameters, context) => {
      if (!procedures.has(`${role}.${procedure}`))
        return shared.execute(role, procedure, parameters, context);
      const database = open();
      return database.execute(role, procedure, parameters, context).finally(() => database.close());
    },
  };
}

/** Sessions that were closed just now end a moment later on the server, which says until then that it is in use. */
const dropDatabase = (server: sql.ConnectionPool, name: string): Promise<unknown> =>
  withRetry(() => server.request().batch(`DROP DATABASE ${name}`), {
    retryable: (error) => error instanceof Error && error.message.includes('in use'),
    budgetMs: 30_000,
  });

interface Server {
  readonly address: string;
  readonly prepare: string | undefined;
  readonly chains: boolean;
  readonly isSqlServer: boolean;
}

/** A database of its own, with a login for each role: as the API (believed about its actor) and as a person. */
async function start({ address, prepare, chains, isSqlServer }: Server): Promise<Engine> {
  const id = randomBytes(4).toString('hex');
  const name = `dk_test_${id}`;
  const password = `Dk-${randomBytes(12).toString('hex')}`;
  const server = await new sql.ConnectionPool(address).connect();
  await server
    .request()
    .batch(`CREATE DATABASE ${name}${isSqlServer ? ` COLLATE ${databaseCollation}` : ''}`);
  try {
    await migrateMssql(at(address, name));
  } catch (error) {
    await dropDatabase(server, name);
    await server.close();
    throw error;
  }
  const owner = await new sql.ConnectionPool(at(address, name)).connect();
  const logins = new Map<string, Login>();
  const addLogin = async (role: string, isPerson: boolean): Promise<Login> => {
    const user = `dk_${id}_${isPerson ? 'person_' : ''}${role}`;
    const known = logins.get(user);
    if (known !== undefined) return known;
    const login = { user, password };
    await server.request().batch(`CREATE LOGIN ${user} WITH PASSWORD = '${password}'`);
    await owner.request().batch(`CREATE USER ${user} FOR LOGIN ${user}`);
    await owner.request().batch(`ALTER ROLE ${role} ADD MEMBER ${user}`);
    if (!isPerson) await owner.request().batch(`ALTER ROLE application ADD MEMBER ${user}`);
    logins.set(user, login);
    return login;
  };
  const applications = new Map<string, Login>();
  for (const role of databaseRoles) applications.set(role, await addLogin(role, false));
  if (prepare !== undefined) await promisify(execFile)(prepare, [name]);

  const loginOf = (role: string): Login => applications.get(role)!;
  // Without ownership chaining a procedure reaches no table for its caller: the rules in it are tried as the owner.
  const connect = (): Database => openMssql(at(address, name), chains ? { loginOf } : {});
  const database = isSqlServer ? connect() : freshConnections(connect, await withTableVariables());
  const kept: Migration[] = [];
  const open: { close(): Promise<void> }[] = [database, owner];
  return {
    database,
    sql: async (statement) => (await owner.request().query<Record<string, unknown>>(statement)).recordset,
    catalogue: (schema) => catalogue(owner, schema),
    probe: async () => {
      const probe = await probeMssql(at(address, name), { loginOf });
      open.push(probe);
      return probe;
    },
    snapshot: async (plant = '') => {
      const transaction = owner.transaction();
      await transaction.begin();
      try {
        for (const batch of batchesOf(plant)) await transaction.request().batch(batch);
        return await tsqlSnapshotOf(transaction);
      } finally {
        await transaction.rollback();
      }
    },
    person: async (role) => {
      const login = await addLogin(role, true);
      const person: Database = openMssql(at(address, name), { loginOf: () => login });
      open.push(person);
      return { database: person, login: login.user };
    },
    migrate: async (extra = [], alone = false) => {
      const files = alone ? extra : withExtra(await readMigrations('azure'), kept, extra);
      const { applied } = await migrateMssql(at(address, name), {}, files);
      kept.push(...extra.filter((one) => applied.includes(one.name)));
      return applied;
    },
    separator: '\nGO\n',
    folder: 'azure',
    async stop() {
      for (const one of open) await one.close();
      await dropDatabase(server, name);
      for (const { user } of logins.values()) await server.request().batch(`DROP LOGIN ${user}`);
      await server.close();
    },
  };
}

async function isSqlServerAt(address: string): Promise<boolean> {
  const server = await new sql.ConnectionPool(address).connect();
  const { recordset } = await server.request().query<{ version: string }>('SELECT @@VERSION AS version');
  await server.close();
  return !(recordset[0]?.version ?? '').includes('Babelfish');
}

function limitsOf({ chains, isSqlServer }: Server): Partial<Record<Limit, string>> {
  return {
    plans: 'plans are asserted on the embedded engine, whose indexes are the same',
    'access lists': 'access lists are read entry by entry on the embedded engine, which alone has lists',
    ...(isSqlServer
      ? {}
      : {
          'permission catalogue': 'sys.database_permissions is empty on a T-SQL compatible PostgreSQL',
          'json texts': 'OPENJSON leaves escapes in texts there, and reads UTF-8 as Latin-1',
          collation: 'a T-SQL compatible PostgreSQL has collations of its own',
          'own horizon': 'a T-SQL compatible PostgreSQL has no MIN_ACTIVE_ROWVERSION()',
          'personal logins': 'inside a procedure its caller cannot be told from the owner there',
        }),
    ...(chains
      ? {}
      : { 'ownership chaining': 'a T-SQL compatible PostgreSQL has no ownership chaining for procedures' }),
  };
}

/**
 * The server that DARKROOM_TEST_SQL names, if it names one. DARKROOM_TEST_SQL_PREPARE may name a command that makes a
 * fresh database, its argument, chain ownership, where the server is none that does so by itself.
 */
export async function tdsEngine(environment: NodeJS.ProcessEnv): Promise<EngineKind | undefined> {
  const address = environment['DARKROOM_TEST_SQL'];
  if (address === undefined || address === '') return undefined;
  const prepare = environment['DARKROOM_TEST_SQL_PREPARE'];
  const isSqlServer = await isSqlServerAt(address);
  const chains = isSqlServer || prepare !== undefined;
  const server: Server = { address, prepare, chains, isSqlServer };
  return { name: 'TDS server', limits: limitsOf(server), start: () => start(server) };
}
