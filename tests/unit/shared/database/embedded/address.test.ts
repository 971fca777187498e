import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parseAddress } from '../../../../../shared/database/embedded/address.ts';

test('a plain connection string names one server, its user and the password', async () => {
  const address = parseAddress('postgres://sam:p%40ss@db.example:6000/orders');
  expect(address).toMatchObject({
    hosts: [{ host: 'db.example', port: 6000 }],
    database: 'orders',
    user: 'sam',
  });
  expect(await address.password('sam')).toBe('p@ss');
});

test('one without a port means PostgreSQL’s own', () => {
  expect(parseAddress('postgres://db.example/orders').hosts).toEqual([{ host: 'db.example', port: 5432 }]);
});

test('several servers stand in the query, in pairs with their ports', () => {
  const { hosts, user } = parseAddress('postgres:///orders?host=a,b&port=7073,7074');
  expect(hosts).toEqual([
    { host: 'a', port: 7073 },
    { host: 'b', port: 7074 },
  ]);
  expect(user).toBeUndefined();
});

test('a password file gives each login its password, and none to a stranger', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'darkroom-address-'));
  const file = join(directory, 'logins');
  await writeFile(file, 'a:*:other:sales_login:wrong\na:*:*:sales_login:right\n');
  const { password } = parseAddress(`postgres:///orders?host=a&passfile=${encodeURIComponent(file)}`);
  expect(await password('sales_login')).toBe('right');
  await expect(password('mallory')).rejects.toThrow('no line for mallory');
  await rm(directory, { recursive: true });
});
