import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
// These tests are about the wire, beneath the port.
import pg from 'pg';
import { runPart, type TestPart } from '../../../support/part.ts';

const script = 'infra/local/database/main.ts';

describe('the embedded engine as a process', () => {
  let directory: string;
  let part: TestPart;
  let clients: pg.Client[] = [];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'darkroom-engine-'));
    part = await runPart(script, ['--data', directory]);
  }, 60_000);
  afterEach(async () => {
    await Promise.all(clients.map((client) => client.end().catch(() => undefined)));
    clients = [];
    await part.stop();
    await rm(directory, { recursive: true, force: true });
  }, 60_000);

  const connect = async (user = 'postgres'): Promise<pg.Client> => {
    const url = new URL(String(part.announcement['adminUrl']));
    url.username = user;
    const client = new pg.Client({ connectionString: url.href });
    // A client that is put out, or whose server dies, hears of it through its queries.
    client.on('error', () => undefined);
    await client.connect();
    clients.push(client);
    return client;
  };
  const count = async (client: pg.Client): Promise<number> =>
    Number((await client.query<{ n: string }>('SELECT count(*) AS n FROM t')).rows[0]!.n);
  /** Drops the connection as a killed process does: no Terminate, no goodbye. */
  const kill = (client: pg.Client): void => {
    (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
  };

  test('keeps what was committed when its process is killed', async () => {
    const client = await connect();
    await client.query('CREATE TABLE t (n int)');
    for (let n = 0; n < 50; n += 1) await client.query('INSERT INTO t VALUES ($1)', [n]);
    await client.query('BEGIN; INSERT INTO t VALUES (1000)');
    await part.stop('SIGKILL');
    part = await runPart(script, ['--data', directory]);
    expect(await count(await connect())).toBe(50);
  }, 60_000);

  test('rolls back what a killed client had begun, and lets the next one in', async () => {
    const [dying, living] = [await connect(), await connect()];
    await living.query('CREATE TABLE t (n int)');
    await dying.query('BEGIN');
    await dying.query('INSERT INTO t VALUES (1)');
    const waiting = count(living);
    kill(dying);
    expect(await waiting).toBe(0);
  });

  test('rolls back a client that is killed after an error in its transaction', async () => {
    const [dying, living] = [await connect(), await connect()];
    await living.query('CREATE TABLE t (n int)');
    await dying.query('BEGIN; INSERT INTO t VALUES (1)');
    await dying.query('SELECT nonsense').catch(() => undefined);
    const waiting = count(living);
    kill(dying);
    expect(await waiting).toBe(0);
    await living.query('INSERT INTO t VALUES (2)');
    expect(await count(living)).toBe(1);
  });

  test('never lets transactions of two clients interleave', async () => {
    const [one, two] = [await connect(), await connect()];
    await one.query('CREATE TABLE t (n int)');
    const order: string[] = [];
    await one.query('BEGIN');
    const other = two.query('INSERT INTO t VALUES (2)').then(() => order.push('two'));
    await one.query('INSERT INTO t VALUES (1)');
    await one.query('ROLLBACK').then(() => order.push('one'));
    await other;
    expect(order).toEqual(['one', 'two']);
    expect((await one.query('SELECT n FROM t')).rows).toEqual([{ n: 2 }]);
  });

  test('keeps the steps of one parameterised query together under load from many clients', async () => {
    const many = await Promise.all(Array.from({ length: 6 }, () => connect()));
    const answers = await Promise.all(
      many.flatMap((client, index) =>
        Array.from({ length: 30 }, (_, n) =>
          client
            .query<{ sum: number }>('SELECT $1::int + $2::int AS sum', [index * 1000, n])
            .then(({ rows }) => ({
              expected: index * 1000 + n,
              actual: rows[0]!.sum,
            })),
        ),
      ),
    );
    expect(answers.filter(({ expected, actual }) => expected !== actual)).toEqual([]);
  });

  test('nothing that a client sets for its session reaches another', async () => {
    const [one, two] = [await connect(), await connect()];
    await one.query("SET ROLE sales; SET darkroom.actor = 'mallory'; SET statement_timeout = 12345");
    await one.query('PREPARE leaked AS SELECT 1');
    await one.query('SELECT pg_advisory_lock(1)');
    const { rows } = await two.query(
      "SELECT current_user AS who, current_setting('darkroom.actor', true) AS actor, current_setting('statement_timeout') AS timeout, (SELECT count(*)::int FROM pg_prepared_statements WHERE name = 'leaked') AS prepared, (SELECT count(*)::int FROM pg_locks WHERE locktype = 'advisory') AS locks",
    );
    expect(rows[0]).toMatchObject({ who: 'postgres', timeout: '0', prepared: 0, locks: 0 });
    expect(['', null]).toContain(rows[0].actor);
  });

  test('signs each client in as who it says, also when turns change', async () => {
    const [owner, api] = [await connect(), await connect('darkroom')];
    const who = async (client: pg.Client) =>
      (await client.query('SELECT session_user AS u')).rows[0].u as string;
    expect([await who(owner), await who(api), await who(owner), await who(api)]).toEqual([
      ...['postgres', 'darkroom', 'postgres', 'darkroom'],
    ]);
    await expect(api.query('SELECT * FROM orders.members')).rejects.toMatchObject({ code: '42501' });
  });

  test('refuses a role that does not exist, and serves the others on', async () => {
    const stranger = await connect('nobody');
    await expect(stranger.query('SELECT 1')).rejects.toThrow();
    expect((await (await connect()).query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  test('closes the held cursors of a client that is gone', async () => {
    const [dying, living] = [await connect(), await connect()];
    const { processID } = dying as unknown as { processID: number };
    const cursors = async () => (await living.query('SELECT name FROM pg_cursors')).rows.length;
    await dying.query(`DECLARE c${processID}_1 CURSOR WITH HOLD FOR SELECT generate_series(1, 10)`);
    expect(await cursors()).toBe(1);
    const gone = new Promise<void>((resolve) => dying.once('end', () => resolve()));
    kill(dying);
    await gone;
    for (let tries = 0; tries < 100 && (await cursors()) > 0; tries += 1);
    expect(await cursors()).toBe(0);
  });

  test('a second process on the same directory is refused', async () => {
    await expect(runPart(script, ['--data', directory])).rejects.toThrow(/Another process has the database/);
  }, 60_000);

  test('migrates once when it starts again', async () => {
    const client = await connect();
    const before = (await client.query('SELECT name, applied_at FROM deployment.migrations ORDER BY name'))
      .rows;
    expect(before.length).toBeGreaterThan(10);
    await part.stop();
    part = await runPart(script, ['--data', directory]);
    expect(part.announcement['migrations']).toBe(0);
    const again = await connect();
    expect(
      (await again.query('SELECT name, applied_at FROM deployment.migrations ORDER BY name')).rows,
    ).toEqual(before);
  }, 60_000);
});
