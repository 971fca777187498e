import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
// These tests are about the server, beneath the port.
import pg from 'pg';
import { parseAddress } from '../../../../shared/database/embedded/address.ts';
import { databaseRoles } from '../../../../shared/database/rights/types.ts';
import { loginOf } from '../../../../shared/database/roles.ts';
import { testDatabase, type TestDatabase } from '../../../support/postgres.ts';

/** What a login might try to become more than it is, or to reach files and programs of the machine. */
const attempts = [
  'SET SESSION AUTHORIZATION postgres',
  'SET ROLE postgres',
  'SET LOCAL ROLE postgres',
  'SET ROLE pg_execute_server_program',
  'CREATE EXTENSION dblink SCHEMA public',
  'CREATE EXTENSION file_fdw SCHEMA public',
  "COPY (SELECT 1) TO PROGRAM 'id'",
  "COPY (SELECT 1) TO '/tmp/darkroom-copied'",
  "COPY orders.members FROM PROGRAM 'id'",
  "SELECT pg_read_file('/etc/passwd')",
  "SELECT pg_read_binary_file('postgresql.conf')",
  "SELECT pg_ls_dir('.')",
  "SELECT pg_stat_file('postgresql.conf')",
  "SELECT lo_import('/etc/passwd')",
  "SELECT lo_export(1, '/tmp/darkroom-exported')",
  "LOAD 'auth_delay'",
  'ALTER SYSTEM SET fsync = off',
  'SELECT pg_reload_conf()',
  'SELECT pg_promote()',
  "SELECT pg_create_physical_replication_slot('s')",
  'SELECT rolpassword FROM pg_authid',
  'CREATE ROLE mallory SUPERUSER',
  'CREATE DATABASE mallory',
  'CREATE SCHEMA mallory',
  'CREATE TABLE public.t (n int)',
  "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'postgres'",
  'SET session_replication_role = replica',
] as const;

describe('the logins of the services', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase();
  }, 60_000);
  afterAll(() => database.drop());

  const signIn = async (login: string, change: pg.ClientConfig = {}): Promise<pg.Client> => {
    const address = parseAddress(database.service);
    const client = new pg.Client({
      ...address.hosts[0],
      database: address.database,
      user: login,
      password: await address.password(login),
      ...change,
    });
    await client.connect();
    return client;
  };

  test.each(databaseRoles)('%s: becomes nobody else and reaches no file and no program', async (role) => {
    const client = await signIn(loginOf(role));
    const owner = new pg.Client({ connectionString: database.owner });
    await owner.connect();
    try {
      for (const statement of attempts) {
        const answer = await client.query(statement).then(
          () => 'done',
          (error: unknown) => (error as pg.DatabaseError).code,
        );
        expect([statement, answer]).toEqual([statement, '42501']);
      }
      const others = databaseRoles.filter((other) => other !== role);
      for (const other of [...others, ...others.map(loginOf), 'application']) {
        await expect(client.query(`SET ROLE ${other}`)).rejects.toMatchObject({ code: '42501' });
        await expect(client.query(`GRANT ${other} TO CURRENT_USER`)).rejects.toMatchObject({ code: '42501' });
      }
    } finally {
      await Promise.all([client.end(), owner.end()]);
    }
  });

  test('the owner may do what they may not, so the attempts are real ones', async () => {
    const owner = new pg.Client({ connectionString: database.owner });
    await owner.connect();
    try {
      for (const statement of [
        'SET LOCAL ROLE postgres',
        "COPY (SELECT 1) TO PROGRAM 'cat'",
        "SELECT pg_ls_dir('.')",
      ]) {
        await expect(owner.query(statement)).resolves.toBeDefined();
      }
    } finally {
      await owner.end();
    }
  });

  test.each(databaseRoles)('%s: no statement and no idle transaction lasts for ever', async (role) => {
    const client = await signIn(loginOf(role));
    try {
      const { rows } = await client.query(
        `SELECT current_setting('statement_timeout') AS statement,
                current_setting('idle_in_transaction_session_timeout') AS idle`,
      );
      expect(rows).toEqual([{ statement: '1min', idle: '1min' }]);
    } finally {
      await client.end();
    }
  });

  test.each(['postgres', 'template1'])('no login may use the database %s', async (name) => {
    await expect(signIn(loginOf('sales'), { database: name })).rejects.toMatchObject({ code: '42501' });
  });

  test('a login with another password, or that of another login, is refused', async () => {
    const address = parseAddress(database.service);
    for (const password of ['guessed', await address.password(loginOf('sales'))])
      await expect(signIn(loginOf('logistics'), { password })).rejects.toMatchObject({ code: '28P01' });
  });
});
