import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openMssql } from '../../../../../shared/database/mssql/database.ts';
import type { Database } from '../../../../../shared/database/port.ts';
import { silentLog } from '../../../../support/silent-log.ts';
import { startTdsServer } from '../../../../support/tds-server.ts';

let server: Awaited<ReturnType<typeof startTdsServer>>;
let database: Database;

beforeEach(async () => {
  server = await startTdsServer();
  database = openMssql(server.address, { log: silentLog });
});
afterEach(async () => {
  await database.close();
  await server.stop();
});

/** One that may not be sent twice. */
const write = () =>
  database.execute(
    'operations',
    'record_replay',
    { partition: '0', sequence_number: 1, reason: 'r', outcome: 'applied', at: new Date() },
    { actor: 'service:test' },
  );

/** More than the driver tries by itself. */
const refusals = 9;

test('the first call on a paused database waits until it has resumed', async () => {
  server.pause(refusals);
  expect(await write()).toEqual([]);
  expect(server.seen).toMatchObject({ refused: refusals, calls: 1 });
}, 60_000);

test('so does one whose pool was open when it paused, though it may not be sent twice', async () => {
  await write();
  server.pause(refusals);
  expect(await write()).toEqual([]);
  expect(server.seen).toMatchObject({ refused: refusals, calls: 2 });
}, 60_000);

test('so does a stream of rows', async () => {
  await write();
  server.pause(refusals);
  const rows = [];
  for await (const batch of database.stream('storage_writer', 'images')) rows.push(...batch);
  expect(rows).toEqual([]);
  expect(server.seen.refused).toBe(refusals);
}, 60_000);
