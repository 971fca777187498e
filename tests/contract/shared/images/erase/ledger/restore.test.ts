import { randomUUID } from 'node:crypto';
import { ContainerClient, ContainerSASPermissions } from '@azure/storage-blob';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openDatabase } from '../../../../../../shared/database/open.ts';
import type { Database } from '../../../../../../shared/database/port.ts';
import { blobService } from '../../../../../../shared/platform/blobs/blob-service.ts';
import { openCheckpoint } from '../../../../../../shared/images/erase/ledger/checkpoint-note.ts';
import {
  checkpointPath,
  makeLedgerStore,
  type LedgerStore,
} from '../../../../../../shared/images/erase/ledger/ledger-store.ts';
import { checkAgainst, monitorLedger } from '../../../../../../shared/images/erase/ledger/monitor.ts';
import { makePublishCheckpoint } from '../../../../../../shared/images/erase/ledger/publish-checkpoint.ts';
import { newestCheckpoint } from '../../../../../../shared/images/erase/ledger/own-checkpoints.ts';
import { rebuildFiles } from '../../../../../../shared/images/erase/ledger/rebuild-files.ts';
import { noteSigner, renameNoteKey } from '../../../../../../shared/images/erase/ledger/signed-note.ts';
import { testLedgerKey, testSigner } from '../../../../../support/functions.ts';
import { silentLog } from '../../../../../support/silent-log.ts';
import { startStores, type TestStores } from '../../../../../support/stores.ts';

let stores: TestStores;
let database: Database;
let owner: pg.Client;
let container: ContainerClient;
let store: LedgerStore;

beforeAll(async () => {
  stores = await startStores();
  database = openDatabase({ DARKROOM_DATABASE: stores.database });
  owner = new pg.Client({ connectionString: stores.owner });
  await owner.connect();
  await owner.query("SET session_replication_role = 'replica'");
}, 180_000);
afterAll(async () => {
  await Promise.all([database.close(), owner.end()]);
  await stores.stop();
});
beforeEach(async () => {
  await restoreTo(0);
  container = blobService(stores.storage).getContainerClient(`log-${randomUUID()}`);
  await container.create();
  store = await storeOf(testSigner.name);
});

/** With the rights of the services: they read, list and add. */
async function storeOf(log: string): Promise<LedgerStore> {
  const permissions = ContainerSASPermissions.parse('rcl');
  const address = await container.generateSasUrl({ permissions, expiresOn: new Date('2100-01-01') });
  return makeLedgerStore(new ContainerClient(address), log);
}
const remove = (path: string) => container.deleteBlob(`${testSigner.name}/${path}`);

const clock = { now: () => new Date() };
/** As a process that has just started has it. */
const publish = (over: Database = database) =>
  makePublishCheckpoint({ database: over, store, signer: testSigner, clock })(silentLog);

const receive = (count: number) =>
  owner.query(
    `INSERT INTO imaging.ledger (kind, commitment, due_at)
     SELECT 'received', encode(sha256(convert_to(gen_random_uuid()::text, 'UTF8')), 'hex'), '2100-01-01T00:00:00.000Z'
     FROM generate_series(1, $1)`,
    [count],
  );

/** A tree that grew to each of these sizes, with a checkpoint at each. */
async function publishAt(...sizes: number[]): Promise<void> {
  for (const [at, size] of sizes.entries()) {
    await receive(size - (sizes[at - 1] ?? 0));
    expect(await publish()).toBe(size);
  }
}

/** The database as it was when the log had `size` entries. `keepEntries`: only what publishing wrote is lost. */
async function restoreTo(size: number, keepEntries = false): Promise<void> {
  await owner.query('DELETE FROM imaging.ledger_checkpoints WHERE size > $1', [size]);
  if (!keepEntries)
    await owner.query(
      `DELETE FROM imaging.ledger WHERE entry NOT IN
         (SELECT entry FROM imaging.ledger_leaves WHERE leaf_index < $1)`,
      [size],
    );
  await owner.query('DELETE FROM imaging.ledger_leaves WHERE leaf_index >= $1', [size]);
}

async function files(): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for await (const path of store.list('')) found.set(path, (await store.read(path))!.toString('base64'));
  return found;
}

const onRecord = async () => {
  const { rows } = await owner.query<{ leaves: number; checkpoints: number }>(
    `SELECT (SELECT count(*)::int FROM imaging.ledger_leaves) AS leaves,
            (SELECT count(*)::int FROM imaging.ledger_checkpoints) AS checkpoints`,
  );
  return rows[0];
};

/** What anybody can check with the public files and the checkpoints that they kept. */
async function proves(kept: readonly string[]): Promise<void> {
  const newest = (await newestCheckpoint(database, testSigner))!;
  const report = await monitorLedger(store, newest.note, { verifier: testSigner, now: new Date() });
  expect(report).toMatchObject({ size: newest.size, received: newest.size });
  for (const note of kept) await checkAgainst(store, { head: newest, old: openCheckpoint(note, testSigner) });
}

describe('a log that is ahead of the database', () => {
  test.each([
    { recorded: 300, published: [400], waiting: 5 },
    { recorded: 300, published: [400], waiting: 200 },
    { recorded: 300, published: [400], waiting: 0 },
    { recorded: 256, published: [300], waiting: 1 },
    { recorded: 255, published: [256], waiting: 1 },
    { recorded: 10, published: [200, 700], waiting: 800 },
  ])('gives nothing a place and signs nothing: %j', async ({ recorded, published, waiting }) => {
    await publishAt(recorded, ...published);
    await restoreTo(recorded);
    await receive(waiting);
    const [before, record] = [await files(), await onRecord()];
    for (let run = 0; run < 2; run += 1)
      await expect(publish()).rejects.toMatchObject({
        code: 'wrong-state',
        message: expect.stringContaining('docs/disaster-recovery.md'),
        details: { published: published.at(-1), recorded },
      });
    expect(await files()).toEqual(before);
    expect(await onRecord()).toEqual(record);
  });

  test('is found by its checkpoint where the copy has not got its entries', async () => {
    await publishAt(300, 400);
    await restoreTo(300);
    for await (const path of store.list('tile/entries/001')) {
      if (path.endsWith('/144')) await remove(path);
    }
    await receive(5);
    await expect(publish()).rejects.toMatchObject({ code: 'wrong-state' });
  });

  test('ends, and another one with the entries that there are begins', async () => {
    await publishAt(300, 400);
    await restoreTo(300);
    await receive(5);
    await expect(publish()).rejects.toMatchObject({ code: 'wrong-state' });
    const before = await files();
    const signer = noteSigner(renameNoteKey(testLedgerKey, 'darkroom.test/second'));
    const second = await storeOf(signer.name);
    for (const size of [305, 400]) {
      expect(await makePublishCheckpoint({ database, store: second, signer, clock })(silentLog)).toBe(size);
      const head = (await newestCheckpoint(database, signer))!;
      expect(head.size).toBe(size);
      const report = await monitorLedger(second, head.note, { verifier: signer, now: new Date() });
      expect(report.received).toBe(size);
      await receive(400 - size);
    }
    expect(await files()).toEqual(before);
  });

  test('is found by a process that had published before', async () => {
    await publishAt(300);
    const lasting = makePublishCheckpoint({ database, store, signer: testSigner, clock });
    await lasting(silentLog);
    await receive(100);
    await lasting(silentLog);
    await restoreTo(300);
    await receive(100);
    await expect(lasting(silentLog)).rejects.toMatchObject({ code: 'wrong-state' });
  });

  test('goes on by itself where only its places are lost, and not its entries', async () => {
    await publishAt(300, 600);
    const before = await files();
    await restoreTo(300, true);
    await receive(50);
    expect(await publish()).toBe(650);
    const after = await files();
    for (const [path, bytes] of before) expect(after.get(path)).toBe(bytes);
    await proves([(await store.read(checkpointPath(600)))!.toString()]);
  });
});

/** Stops as a process does that is killed when the store has the checkpoint and the database has not. */
const stopsBeforeRecord = () =>
  ({
    ...database,
    query: database.query.bind(database),
    stream: database.stream.bind(database),
    execute: (...call: Parameters<Database['execute']>) =>
      call[1] === 'record_checkpoint'
        ? Promise.reject(new Error('killed'))
        : (database.execute as (...given: unknown[]) => Promise<unknown>)(...call),
  }) as Database;

test.each([0, 30, 400])(
  'a run that was killed before it recorded is taken up, with %i more',
  async (more) => {
    await publishAt(100);
    await receive(500);
    await expect(publish(stopsBeforeRecord())).rejects.toThrow('killed');
    const left = await files();
    expect(left.has(checkpointPath(600))).toBe(true);
    await receive(more);
    expect(await publish()).toBe(600 + more);
    const after = await files();
    for (const [path, bytes] of left) expect(after.get(path)).toBe(bytes);
    await proves([(await store.read(checkpointPath(600)))!.toString()]);
  },
);

describe('a store that is behind the database', () => {
  const sizes = [100, 300, 513, 1100];

  test.each<[string, (path: string) => boolean]>([
    ['everything', () => true],
    ['the newest checkpoint', (path) => path === checkpointPath(1100)],
    ['a checkpoint in between', (path) => path === checkpointPath(300)],
    ['a bundle in the middle', (path) => path === 'tile/entries/003'],
    ['hashes in the middle', (path) => path === 'tile/0/002'],
    ['the tile that the next growth needs', (path) => path === 'tile/0/004.p/76'],
    ['every second file', (path) => Buffer.from(path).reduce((sum, byte) => sum + byte, 0) % 2 === 0],
  ])('that lacks %s gets the same files again', async (_, isMissing) => {
    await publishAt(...sizes);
    const before = await files();
    const kept = [...before].filter(([path]) => path.startsWith('checkpoint/'));
    const missing = [...before.keys()].filter(isMissing);
    expect(missing.length).toBeGreaterThan(0);
    for (const path of missing) await remove(path);
    await receive(10);
    expect(await publish()).toBe(1110);
    const after = await files();
    for (const [path, bytes] of before) expect(after.get(path)).toBe(bytes);
    await proves(kept.map(([, note]) => Buffer.from(note, 'base64').toString()));
  });

  test('gets them in steps that fit into memory', async () => {
    await publishAt(1100);
    const before = await files();
    for (const path of before.keys()) await remove(path);
    const newest = (await newestCheckpoint(database, testSigner))!;
    await rebuildFiles({ database, store, signer: testSigner }, newest, 300);
    const after = await files();
    for (const [path, bytes] of before) expect(after.get(path)).toBe(bytes);
  });

  test('gets no checkpoint again that the entries no longer are', async () => {
    await publishAt(...sizes);
    for await (const path of store.list('')) await remove(path);
    await owner.query(`UPDATE imaging.ledger SET due_at = '2099-01-01T00:00:00.000Z' WHERE entry =
      (SELECT entry FROM imaging.ledger_leaves WHERE leaf_index = 299)`);
    await expect(publish()).rejects.toThrow('The first 300 entries of the database are not those');
    const made = [...(await files()).keys()].filter((path) => path.startsWith('checkpoint/'));
    expect(made).toEqual([checkpointPath(100)]);
  });
});
