import { randomUUID } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { postgresFolder } from '../../infra/local/postgres/account.ts';
import { ownerAddress, serviceAddress } from '../../infra/local/postgres/addresses.ts';
import { databaseName } from '../../infra/local/postgres/logins.ts';
import type { Database } from '../../shared/database/port.ts';
import { runComponent, type TestComponent } from './component.ts';
import { connected } from '../../infra/local/postgres/connected.ts';
import { offered } from './offered.ts';

/** Where a server for tests is: its state directory and its port. */
export interface TestCluster {
  readonly state: string;
  readonly port: number;
}

export interface TestDatabase {
  /** Where services connect, each role under its own login. */
  readonly service: string;
  /** Signs in as the owner. */
  readonly owner: string;
  /** Resolves when everything that was committed before is below the horizon of the warehouse. */
  readonly settle: () => Promise<void>;
  /** The database as it is now, as another one: what a restore would bring back. Who is connected is put out. */
  copy(): Promise<TestDatabase>;
  drop(): Promise<void>;
}

/** Starts a server that keeps nothing; it ends with whoever started it. */
export async function startCluster(
  ...options: readonly '--unsynced'[]
): Promise<{ cluster: TestCluster; component: TestComponent }> {
  const state = await mkdtemp(join(tmpdir(), 'darkroom-postgres-test-'));
  const component = await runComponent('infra/local/postgres/main.ts', [
    '--state',
    state,
    '--temporary',
    ...options,
  ]);
  return { cluster: { state, port: Number(component.announcement['port']) }, component };
}

/** Transactions of other databases of the server, which hold the horizon back, come to their end. */
const settle = (address: string): Promise<void> =>
  connected(address, async (client) => {
    const { rows } = await client.query<{ now: string }>('SELECT pg_current_xact_id() AS now');
    const passed = 'SELECT pg_snapshot_xmin(pg_current_snapshot()) > $1::xid8 AS passed';
    while (!(await client.query<{ passed: boolean }>(passed, [rows[0]?.now])).rows[0]?.passed) await wait(5);
  });

/** The database, whose warehouse shows at once what was committed. */
export function settled(database: Database, { settle: ready }: Pick<TestDatabase, 'settle'>): Database {
  const isHeldBack = (schema: string): boolean => schema === 'warehouse';
  return {
    ...database,
    query: async (schema, view, filter) => {
      if (isHeldBack(schema)) await ready();
      return database.query(schema, view, filter);
    },
    async *stream(schema, view, filter) {
      if (isHeldBack(schema)) await ready();
      yield* database.stream(schema, view, filter);
    },
  };
}

/** A migrated database of the caller's own: in jest a copy in the server of the run, elsewhere with a server of its own. */
export async function testDatabase(): Promise<TestDatabase> {
  const shared = await offered<TestCluster>('cluster');
  if (shared !== undefined) return copiedDatabase(shared);
  const { cluster, component } = await startCluster();
  return { ...(await copiedDatabase(cluster)), drop: () => component.stop().then(() => undefined) };
}

async function copiedDatabase(
  { state, port }: TestCluster,
  template: string = databaseName,
): Promise<TestDatabase> {
  const folder = postgresFolder(state);
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const maintenance = ownerAddress(folder, port, 'postgres');
  await connected(maintenance, async (client) => {
    if (template !== databaseName) {
      const sessions = 'SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1';
      await client.query(sessions, [template]);
    }
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
    // What is granted on a database itself is not copied.
    await client.query(`REVOKE TEMPORARY ON DATABASE ${name} FROM PUBLIC`);
  });
  const owner = ownerAddress(folder, port, name);
  return {
    service: serviceAddress(folder, [port], name),
    owner,
    settle: () => settle(owner),
    copy: () => copiedDatabase({ state, port }, name),
    drop: () =>
      connected(maintenance, async (client) => {
        await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
      }),
  };
}
