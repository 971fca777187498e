import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { day } from '../../../../../../shared/platform/clock.ts';
import type { Settings } from '../../../../../../shared/platform/config.ts';
import { openDatabase } from '../../../../../../shared/database/open.ts';
import type { Database } from '../../../../../../shared/database/port.ts';
import { blobService } from '../../../../../../shared/platform/blobs/blob-service.ts';
import { noCdn } from '../../../../../../shared/images/erase/cdn.ts';
import { makeErase } from '../../../../../../shared/images/erase/erase.ts';
import { openLedger, type Ledger } from '../../../../../../shared/images/erase/ledger/open.ts';
import { checkpointFolder } from '../../../../../../shared/images/erase/ledger/ledger-store.ts';
import type { LedgerEntry } from '../../../../../../shared/images/erase/ledger/leaf.ts';
import {
  makeLedgerCheck,
  verifyLedger,
  type LivingImage,
} from '../../../../../../shared/images/erase/ledger/verify-ledger.ts';
import { makeErasureStore } from '../../../../../../shared/images/store/erasure-store.ts';
import { testLedgerKey, testSigner } from '../../../../../support/functions.ts';
import { imageMaker } from '../../../../../support/images.ts';
import { keepLedger } from '../../../../../support/kept-ledger.ts';
import { below as belowOf, seeded } from '../../../../../support/random.ts';
import { silentLog } from '../../../../../support/silent-log.ts';
import { startStores, type TestStores } from '../../../../../support/stores.ts';
import { tamperings } from '../../../../../support/tamperings.ts';

const clock = { now: () => new Date() };
let stores: TestStores;
let database: Database;
let ledger: Ledger;
let owner: pg.Client;
const notes: string[] = [];
let entries: LedgerEntry[] = [];
let living: LivingImage[] = [];

const verify = () => verifyLedger({ database, store: ledger.store, verifier: testSigner });
let restore: () => Promise<void>;

beforeAll(async () => {
  stores = await startStores();
  database = openDatabase({ DARKROOM_DATABASE: stores.database });
  const settings = {
    DARKROOM_LEDGER_KEY: testLedgerKey,
    DARKROOM_LEDGER_STORAGE: stores.ledger,
  } as Settings;
  ledger = openLedger({ settings, clock, database });
  const store = makeErasureStore(blobService(stores.storage));
  const erase = makeErase({ store, database, cdn: noCdn, clock, signer: testSigner });
  const images = imageMaker(stores.storage, database);
  // Six rounds of two images that come and one that goes, each with its checkpoint.
  for (let round = 0; round < 6; round += 1) {
    const [imageId] = [await images.make('ann', 'stored'), await images.make('bob', 'stored')];
    const uploadedAt = clock.now();
    await erase(
      [{ imageId, uploadedAt, deleteAt: new Date(uploadedAt.getTime() + 7 * day) }],
      'erasure',
      'ann',
    );
    await ledger.publishCheckpoint(silentLog);
  }
  for await (const path of ledger.store.list(checkpointFolder)) {
    notes.push((await ledger.store.read(path))!.toString());
  }
  entries = await database.query('operations', 'ledger', { orderBy: [['entry', 'asc']] });
  living = await database.query('operations', 'commitments');
  owner = new pg.Client({ connectionString: stores.owner });
  await owner.connect();
  restore = await keepLedger(owner);
}, 180_000);
afterAll(async () => {
  await Promise.all([database.close(), owner.end()]);
  await stores.stop();
});

test('a ledger that nobody touched has no fault', async () => {
  expect(await verify()).toMatchObject({ entries: 18, checkpoints: 1, faults: [] });
  expect(notes).toHaveLength(6);
});

describe.each(tamperings)('that $name', ({ sql }) => {
  test('is found', async () => {
    expect((await verify()).faults).toEqual([]);
    try {
      await owner.query(sql);
      expect((await verify()).faults.length).toBeGreaterThan(0);
    } finally {
      await restore();
    }
  });
});

/** The check, over entries that somebody changed, with one checkpoint. */
function faultsOf(changed: readonly LedgerEntry[], note: string) {
  const check = makeLedgerCheck([note], testSigner);
  for (const entry of changed) check.take(entry);
  for (const image of living) check.living(image);
  return check.result().faults;
}

test('whichever entry it is cut off at, the newest checkpoint tells, and an older one what it holds', () => {
  for (const [index, note] of notes.entries()) {
    const size = 3 * (index + 1);
    for (let length = 0; length < size; length += 1) {
      const codes = faultsOf(entries.slice(0, length), note).map(({ code }) => code);
      expect(codes).toContain('cut-off');
    }
    expect(faultsOf(entries, note)).toEqual([]);
  }
});

describe('a thousand tamperings at random', () => {
  const fields = [
    ...['kind', 'commitment', 'due_at', 'image_digest', 'salt', 'blobs', 'bytes', 'lake_rows'],
    ...['uploaded_at', 'erased_at', 'signature', 'leaf_index'],
  ] as const;
  const random = seeded(20);
  const below = (count: number): number => belowOf(random, count);
  const hex = (length: number): string => Array.from({ length }, () => below(16).toString(16)).join('');

  /** Another value of the same form; undefined where the entry has none. */
  function changed(entry: LedgerEntry, field: (typeof fields)[number]): LedgerEntry | undefined {
    const value = (entry as unknown as Record<string, string | number | null>)[field];
    if (value === null || value === undefined) return undefined;
    if (field === 'kind') return { ...entry, kind: entry.kind === 'sweep' ? 'erasure' : 'sweep' };
    if (typeof value === 'number') return { ...entry, [field]: value + 1 + below(9) };
    if (field.endsWith('_at')) return { ...entry, [field]: new Date(below(2 ** 40)).toISOString() };
    if (field === 'signature')
      return { ...entry, signature: Buffer.from(hex(128), 'hex').toString('base64') };
    return { ...entry, [field]: hex(value.length) };
  }

  const changes: readonly (() => LedgerEntry[])[] = [
    () => {
      const at = below(entries.length);
      const other = changed(entries[at]!, fields[below(fields.length)]!);
      return entries.toSpliced(at, 1, other ?? { ...entries[at]!, commitment: hex(64) });
    },
    () => entries.toSpliced(below(entries.length), 1 + below(3)),
    () => entries.slice(0, below(entries.length)),
    () => entries.toSpliced(below(entries.length), 0, entries[below(entries.length)]!),
    () => {
      const [left, right] = [below(entries.length), below(entries.length)];
      const next = left === right ? (right + 1) % entries.length : right;
      return entries.with(left, entries[next]!).with(next, entries[left]!);
    },
    () => {
      const forged = { ...entries.at(-1)!, commitment: hex(64), image_digest: hex(64), leaf_index: null };
      return [...entries, { ...forged, entry: entries.at(-1)!.entry + 1 }];
    },
    () => {
      const received = { ...entries[0]!, commitment: hex(64), leaf_index: null };
      return [...entries, { ...received, entry: entries.at(-1)!.entry + 1 }];
    },
  ];

  test('are all found', () => {
    for (let round = 0; round < 1_000; round += 1) {
      const tampered = changes[round % changes.length]!();
      if (faultsOf(tampered, notes.at(-1)!).length === 0) {
        throw new Error(`Round ${round} was not found: ${JSON.stringify(tampered)}`);
      }
    }
  });
});

test('an image that comes and one that goes while the check runs are no fault', async () => {
  const images = imageMaker(stores.storage, database);
  const going = await images.make('ann', 'stored');
  const store = makeErasureStore(blobService(stores.storage));
  const erase = makeErase({ store, database, cdn: noCdn, clock, signer: testSigner });
  const changing = {
    ...database,
    async *stream(...call: Parameters<Database['stream']>) {
      yield* database.stream(...call);
      if (call[1] !== 'ledger') return;
      await images.make('ann', 'stored');
      await erase([{ imageId: going, uploadedAt: clock.now(), deleteAt: clock.now() }], 'erasure', 'ann');
    },
  } as Database;
  const check = await verifyLedger({ database: changing, store: ledger.store, verifier: testSigner });
  expect(check.faults).toEqual([]);
});
