import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
// These tests are about the server, beneath the port.
import pg from 'pg';
import { dropPostgresFolder, postgresFolder } from '../../../../infra/local/postgres/account.ts';
import { ownerAddress } from '../../../../infra/local/postgres/addresses.ts';
import { runComponent, type TestComponent } from '../../../support/component.ts';

describe('PostgreSQL as a component', () => {
  /** As a first start has left it; each test goes on from a copy. */
  let first: string;
  let migrations: number;
  let state: string;
  let component: TestComponent;
  let clients: pg.Client[] = [];

  const makeState = () => mkdtemp(join(tmpdir(), 'darkroom-server-'));
  const dropState = async (directory: string) => {
    dropPostgresFolder(directory);
    await rm(directory, { recursive: true, force: true });
  };
  const startOn = (directory: string) => runComponent('infra/local/postgres/main.ts', ['--state', directory]);
  const start = () => startOn(state);

  beforeAll(async () => {
    first = await makeState();
    const made = await startOn(first);
    migrations = Number(made.announcement['migrations']);
    await made.stop();
  }, 60_000);
  afterAll(() => dropState(first));
  beforeEach(async () => {
    state = await makeState();
    // With its owner, who is not ours.
    execFileSync('cp', ['-a', `${postgresFolder(first)}/.`, postgresFolder(state)]);
    component = await start();
  }, 60_000);
  afterEach(async () => {
    await Promise.all(clients.map((client) => client.end().catch(() => undefined)));
    clients = [];
    await component.stop();
    await dropState(state);
  }, 60_000);

  const port = () => Number(component.announcement['port']);
  const signIn = async (): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: ownerAddress(postgresFolder(state), port()) });
    // A client whose server dies hears of it through its queries.
    client.on('error', () => undefined);
    await client.connect();
    clients.push(client);
    return client;
  };
  const postmaster = async (): Promise<number> =>
    Number((await readFile(join(postgresFolder(state), 'one', 'postmaster.pid'), 'utf8')).split('\n')[0]);
  const count = async (client: pg.Client): Promise<number> =>
    Number((await client.query<{ n: string }>('SELECT count(*) AS n FROM t')).rows[0]!.n);

  async function commitFifty(): Promise<void> {
    const client = await signIn();
    await client.query('CREATE TABLE t (n int)');
    for (let n = 0; n < 50; n += 1) await client.query('INSERT INTO t VALUES ($1)', [n]);
    await client.query('BEGIN; INSERT INTO t VALUES (1000)');
  }

  test('keeps what was committed when the server is killed, and ends so that it is started again', async () => {
    await commitFifty();
    const ended = new Promise<number | null>((resolve) => component.child.once('exit', resolve));
    process.kill(await postmaster(), 'SIGKILL');
    expect(await ended).toBe(1);
    component = await start();
    expect(await count(await signIn())).toBe(50);
  }, 60_000);

  test('takes over the server of a component that was killed', async () => {
    await commitFifty();
    const before = await postmaster();
    await component.stop('SIGKILL');
    component = await start();
    expect(await postmaster()).not.toBe(before);
    expect(() => process.kill(before, 0)).toThrow(/ESRCH/);
    expect(await count(await signIn())).toBe(50);
  }, 60_000);

  test('migrates once when it starts again', async () => {
    const applied = async () =>
      (await (await signIn()).query('SELECT name, applied_at FROM deployment.migrations ORDER BY name')).rows;
    const before = await applied();
    expect(before).toHaveLength(migrations);
    expect(component.announcement['migrations']).toBe(0);
    expect(await applied()).toEqual(before);
  }, 60_000);

  test('stops when whoever started it is gone', async () => {
    const server = await postmaster();
    component.child.stdin!.destroy();
    await new Promise((resolve) => component.child.once('exit', resolve));
    expect(() => process.kill(server, 0)).toThrow(/ESRCH/);
  }, 60_000);

  test('stops although it recovers from the death of a session', async () => {
    await commitFifty();
    const client = await signIn();
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const server = await postmaster();
    process.kill(rows[0]!.pid, 'SIGKILL');
    await component.line((line) => line.includes('reinitializing'));
    expect(await component.stop()).toBe(0);
    expect(() => process.kill(server, 0)).toThrow(/ESRCH/);
    component = await start();
    expect(await count(await signIn())).toBe(50);
  }, 60_000);

  const request = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';
  const startup = (length: number, code: number) => {
    const bytes = Buffer.alloc(8);
    bytes.writeInt32BE(length, 0);
    bytes.writeInt32BE(code, 4);
    return bytes;
  };
  const garbage: Readonly<Record<string, Buffer>> = {
    'an HTTP request': Buffer.from(request),
    'a length of zero': startup(0, 196_608),
    'a negative length': startup(-1, 196_608),
    'a length of two gigabytes': startup(0x7f_ff_ff_ff, 196_608),
    'an unknown protocol': startup(8, 77),
    noise: Buffer.from(Array.from({ length: 4_096 }, (_, n) => (n * 37) % 251)),
  };
  test('no garbage on its port ends it', async () => {
    const client = await signIn();
    const before = await postmaster();
    for (const bytes of Object.values(garbage)) {
      const socket: Socket = connect(port(), '127.0.0.1');
      socket.on('error', () => undefined);
      await new Promise<void>((resolve) => {
        socket.once('close', () => resolve());
        socket.once('connect', () => socket.end(bytes));
        socket.resume();
      });
    }
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    expect(await (await signIn()).query('SELECT')).toMatchObject({ rowCount: 1 });
    expect(await postmaster()).toBe(before);
  }, 60_000);

  test('listens on loopback alone, and lets nobody in without a password', async () => {
    const client = await signIn();
    const shown = async (name: string) =>
      (await client.query<string[]>({ text: `SHOW ${name}`, rowMode: 'array' })).rows[0]?.[0];
    expect(await shown('listen_addresses')).toBe('127.0.0.1');
    expect(await shown('unix_socket_directories')).toBe('');
    for (const password of ['', 'guessed']) {
      const stranger = new pg.Client({
        host: '127.0.0.1',
        port: port(),
        user: 'postgres',
        database: 'darkroom',
        password,
      });
      await expect(stranger.connect()).rejects.toThrow(/password/);
    }
    const { rows } = await client.query<{ method: string }>(
      'SELECT DISTINCT auth_method AS method FROM pg_hba_file_rules',
    );
    expect(rows).toEqual([{ method: 'scram-sha-256' }]);
  });
});
