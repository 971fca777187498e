import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { day } from '../../../../../shared/platform/clock.ts';
import { DarkroomError } from '../../../../../shared/platform/errors.ts';
import { blobService } from '../../../../../shared/platform/blobs/blob-service.ts';
import { containers } from '../../../../../shared/platform/blobs/containers.ts';
import { imageDigest } from '../../../../../shared/platform/image-id.ts';
import { openDatabase } from '../../../../../shared/database/open.ts';
import type { Database } from '../../../../../shared/database/port.ts';
import { noCdn, type CdnCache } from '../../../../../shared/images/erase/cdn.ts';
import { makeErase, type EraseDependencies } from '../../../../../shared/images/erase/erase.ts';
import { makeErasureStore, type ErasureStore } from '../../../../../shared/images/store/erasure-store.ts';
import { testSigner } from '../../../../support/functions.ts';
import { blobsOf, imageMaker, originalBytes, previewBytes } from '../../../../support/images.ts';
import { interfering } from '../../../../support/interfering-database.ts';
import { recordingLake } from '../../../../support/lake-eraser.ts';
import { startStores, type TestStores } from '../../../../support/stores.ts';

const erasedAt = new Date('2026-03-09T10:11:12.013Z');
const uploadedAt = new Date('2026-03-01T00:00:00.000Z');
const deleteAt = new Date('2026-03-08T00:00:00.000Z');

let stores: TestStores;
let database: Database;
let images: ReturnType<typeof imageMaker>;
beforeAll(async () => {
  stores = await startStores();
  database = openDatabase({ DARKROOM_DATABASE: stores.database });
  images = imageMaker(stores.storage, database);
}, 180_000);
afterAll(async () => {
  await database.close();
  await stores.stop();
});

const open = (parts: Partial<EraseDependencies> = {}) => {
  const store = makeErasureStore(blobService(stores.storage));
  return makeErase({
    store,
    database,
    cdn: noCdn,
    clock: { now: () => erasedAt },
    signer: testSigner,
    ...parts,
  });
};
const targetOf = (imageId: string) => ({ imageId, uploadedAt, deleteAt, bytes: originalBytes.byteLength });
const ledgerOf = (imageId: string) =>
  database.query('operations', 'purges', {
    where: [{ column: 'image_digest', operator: '=', value: imageDigest(imageId) }],
  });
const hasRow = async (imageId: string) => {
  const where = [{ column: 'image_id', operator: '=', value: imageId }] as const;
  return (await database.query('storage_writer', 'images', { where })).length > 0;
};
const rawOf = (imageId: string) =>
  blobService(stores.storage).getContainerClient(containers.raw).getBlockBlobClient(imageId);
/** The store, which cannot delete what is of this image. */
function refusing(held: string): ErasureStore {
  const store = makeErasureStore(blobService(stores.storage));
  return {
    ...store,
    async remove(blobs) {
      const refused = blobs.some(({ imageId }) => imageId === held);
      const done = await store.remove(blobs.filter(({ imageId }) => imageId !== held));
      return refused ? { ...done, failed: new Map([[held, new Error('held')]]) } : done;
    },
  };
}

describe('an erasure', () => {
  test('leaves nothing of the image, and an entry that says what was there and when', async () => {
    const id = await images.make('ann', 'processed');
    await images.put(containers.deadLetters, `${id}/payload`, previewBytes);
    await images.put(containers.uploads, `tus/${id}.json`, previewBytes);
    const bytes = originalBytes.byteLength + 3 * previewBytes.byteLength;
    expect(await open()([targetOf(id)], 'erasure', 'ann')).toEqual({
      ...{ erased: 1, blobs: 4, bytes, failed: new Map() },
    });
    expect([await blobsOf(stores.storage, id), await hasRow(id)]).toEqual([[], false]);
    expect(await ledgerOf(id)).toMatchObject([
      {
        ...{ kind: 'erasure', blobs: 4, bytes, lake_rows: 0 },
        ...{ uploaded_at: uploadedAt.toISOString(), due_at: deleteAt.toISOString() },
        erased_at: erasedAt.toISOString(),
      },
    ]);
  });

  test('of an image that has no bytes any more has an entry of none', async () => {
    const id = randomUUID();
    expect(await open()([targetOf(id)], 'sweep', 'service:test')).toMatchObject({
      erased: 1,
      blobs: 0,
      bytes: 0,
    });
    expect(await ledgerOf(id)).toMatchObject([{ kind: 'sweep', blobs: 0, bytes: 0 }]);
  });

  test('of nothing does nothing', async () => {
    const touched: string[] = [];
    const watched = interfering(database, (procedure) => Promise.resolve(touched.push(procedure)));
    expect(await open({ database: watched })([], 'erasure', 'ann')).toMatchObject({ erased: 0 });
    expect(touched).toEqual([]);
  });

  test('empties what a CDN has cached of the image, whatever the variant, before its row goes', async () => {
    const id = await images.make('ann', 'processed');
    const purged: { paths: readonly string[]; hadRow: boolean }[] = [];
    const cdn: CdnCache = {
      purge: async (paths) => void purged.push({ paths, hadRow: await hasRow(id) }),
    };
    await open({ cdn })([targetOf(id)], 'erasure', 'ann');
    expect(purged).toEqual([{ paths: [`/api/images/${id}/*`], hadRow: true }]);
  });

  test('that the CDN does not take leaves the row, so that it is taken up again', async () => {
    const id = await images.make('ann', 'stored');
    const cdn = { purge: () => Promise.reject(new DarkroomError('unavailable', 'away')) };
    await expect(open({ cdn })([targetOf(id)], 'erasure', 'ann')).rejects.toMatchObject({
      code: 'unavailable',
    });
    expect([await hasRow(id), await ledgerOf(id)]).toEqual([true, []]);
    expect(await open()([targetOf(id)], 'erasure', 'ann')).toMatchObject({ erased: 1 });
  });

  test('takes the rows out of the lake before the row goes, when no export can read it any more', async () => {
    const id = await images.make('ann', 'stored');
    const met: { ids: string[]; hadRow: boolean }[] = [];
    const lake = recordingLake(3, async (gone) =>
      met.push({ ids: gone.map(({ imageId }) => imageId), hadRow: await hasRow(id) }),
    );
    await open({ lake })([targetOf(id)], 'retention', 'service:purge');
    expect(met).toEqual([{ ids: [id], hadRow: true }]);
    expect(await ledgerOf(id)).toMatchObject([{ lake_rows: 3 }]);
  });
});

describe('bytes that somebody writes while an image is being erased', () => {
  /** Writes anew when all was removed, as an upload or a reprocess that was under way. */
  const writingMeanwhile = (id: string): CdnCache => ({
    async purge() {
      await images.put(containers.raw, id, originalBytes);
      await images.put(containers.processed, `${id}/late.png`, previewBytes);
    },
  });

  test.each(['erasure', 'sweep'] as const)(
    'are gone too after an erasure by %s, and counted',
    async (kind) => {
      const id = await images.make('ann', 'processed');
      const { failed, blobs } = await open({ cdn: writingMeanwhile(id) })([targetOf(id)], kind, 'ann');
      expect([failed, blobs]).toEqual([new Map(), 3]);
      expect(await blobsOf(stores.storage, id)).toEqual([]);
    },
  );

  test('and that cannot be deleted leave the image without an entry, which comes with the next try', async () => {
    const id = await images.make('ann', 'stored');
    let tries = 0;
    const store = makeErasureStore(blobService(stores.storage));
    const late: ErasureStore = {
      ...store,
      remove: (blobs): ReturnType<ErasureStore['remove']> =>
        ((tries += 1) === 1 ? store : refusing(id)).remove(blobs),
    };
    const { failed, erased } = await open({ store: late, cdn: writingMeanwhile(id) })(
      [targetOf(id)],
      'erasure',
      'ann',
    );
    expect([[...failed.keys()], erased, await ledgerOf(id), await hasRow(id)]).toEqual([[id], 0, [], true]);
    await open()([targetOf(id)], 'erasure', 'ann');
    expect(await ledgerOf(id)).toMatchObject([{ kind: 'erasure', blobs: 2 }]);
  });

  test('and save are refused from the moment that the erasure begins', async () => {
    const id = await images.make('ann', 'processed');
    const outcomes: unknown[] = [];
    const saving: CdnCache = {
      async purge() {
        const failure = { code: 'internal', message: 'm', at: new Date() };
        const life = {
          uploaded_at: uploadedAt,
          delete_at: deleteAt,
          owner: 'ann',
          source: 'http',
          correlation_id: 'c',
        };
        const actor = { actor: 'service:test' };
        const variants = { image_id: id, variants: [], facts: [], at: new Date() };
        outcomes.push(
          await database.execute('storage_writer', 'save_variants', variants, actor),
          await database.execute(
            'storage_writer',
            'fail_image',
            { image_id: id, ...life, ...failure },
            actor,
          ),
        );
      },
    };
    await open({ cdn: saving })([targetOf(id)], 'erasure', 'ann');
    expect(outcomes).toMatchObject([[{ outcome: 'erased' }], [{ outcome: 'erased' }]]);
  });
});

describe('a blob in any state', () => {
  const lease = (id: string, seconds: number) => rawOf(id).getBlobLeaseClient().acquireLease(seconds);
  const block = Buffer.from('chunk-000000').toString('base64');
  const states: readonly (readonly [string, (id: string) => Promise<unknown>])[] = [
    ['under a lease without end', (id) => lease(id, -1)],
    ['with a snapshot', (id) => rawOf(id).createSnapshot()],
    [
      'under a lease and with a snapshot',
      (id) =>
        rawOf(id)
          .createSnapshot()
          .then(() => lease(id, 60)),
    ],
    ['in the cool tier', (id) => rawOf(id).setAccessTier('Cool')],
    ['in the archive', (id) => rawOf(id).setAccessTier('Archive')],
    ['with blocks that nobody committed beside it', (id) => rawOf(id).stageBlock(block, 'abc', 3)],
  ];

  test.each(states)('%s is erased, by request and when it is due', async (_state, bring) => {
    const container = blobService(stores.storage).getContainerClient(containers.raw);
    for (const kind of ['erasure', 'retention'] as const) {
      const id = await images.make('ann', 'stored');
      await bring(id);
      const { failed, erased, blobs } = await open()([targetOf(id)], kind, 'ann');
      expect([failed, erased, blobs]).toEqual([new Map(), 1, 1]);
      const left: string[] = [];
      const all = { prefix: id, includeSnapshots: true, includeUncommitedBlobs: true };
      for await (const { name } of container.listBlobsFlat(all)) left.push(name);
      expect(left).toEqual([]);
    }
  });
});

describe('an erasure that is interrupted', () => {
  test('after its bytes went is counted right by the one that ends it, and has no entry before', async () => {
    for (const kind of ['erasure', 'retention'] as const) {
      const id = await images.make('ann', 'processed');
      const dies = { purge: () => Promise.reject(new DarkroomError('unavailable', 'killed')) };
      await expect(open({ cdn: dies })([targetOf(id)], kind, 'ann')).rejects.toMatchObject({
        code: 'unavailable',
      });
      expect([await blobsOf(stores.storage, id), await ledgerOf(id)]).toEqual([[], []]);
      const bytes = originalBytes.byteLength + previewBytes.byteLength;
      expect(await open()([targetOf(id)], kind, 'ann')).toMatchObject({ erased: 1, blobs: 2, bytes });
      expect(await ledgerOf(id)).toMatchObject([{ kind, blobs: 2, bytes }]);
    }
  });
});

describe('images of which one cannot be deleted', () => {
  test('are erased but for that one, which keeps its row and has no entry', async () => {
    const [held, other] = [await images.make('ann', 'stored'), await images.make('ann', 'processed')];
    const purged: string[] = [];
    const met: string[] = [];
    const cdn: CdnCache = { purge: (paths) => Promise.resolve(void purged.push(...paths)) };
    const lake = recordingLake(1, (gone) => Promise.resolve(met.push(...gone.map(({ imageId }) => imageId))));
    const result = await open({ store: refusing(held), cdn, lake })(
      [held, other].map(targetOf),
      'erasure',
      'ann',
    );
    expect(result).toMatchObject({
      ...{ erased: 1, blobs: 2, bytes: originalBytes.byteLength + previewBytes.byteLength },
    });
    expect([...result.failed.keys()]).toEqual([held]);
    expect([await hasRow(held), await hasRow(other)]).toEqual([true, false]);
    expect([await ledgerOf(held), (await ledgerOf(other)).length]).toEqual([[], 1]);
    expect([purged, met]).toEqual([[`/api/images/${other}/*`], [other]]);
  });
});

describe('many images', () => {
  test('go in transactions of at most 200, each image once', async () => {
    const targets = Array.from({ length: 401 }, () => targetOf(randomUUID()));
    const batches: string[][] = [];
    const counting = interfering(database, (procedure, parameters) => {
      if (procedure !== 'erase_images') return Promise.resolve();
      const { entries } = parameters as { entries: { imageId: string }[] };
      return Promise.resolve(batches.push(entries.map(({ imageId }) => imageId)));
    });
    const store: ErasureStore = {
      list: () => Promise.resolve([]),
      remove: () => Promise.resolve({ removed: [], absent: [], failed: new Map() }),
    };
    const erase = open({ database: counting, store });
    expect(await erase(targets, 'sweep', 'service:test')).toMatchObject({ erased: 401 });
    expect(batches.map(({ length }) => length)).toEqual([200, 200, 1]);
    expect(batches.flat()).toEqual(targets.map(({ imageId }) => imageId));
  });
});

describe('what is due', () => {
  test('goes by the rows, dead letters included, and nothing else is looked for', async () => {
    const id = await images.make('ann', 'processed', { age: 8 * day });
    await images.put(containers.deadLetters, `${id}/payload`, previewBytes);
    const letter = {
      ...{ partition: '0', sequence_number: Date.now(), origin_hub: 'image-stream', origin_partition: '0' },
      ...{ origin_offset: '1', stage: 'check', code: 'internal', message: 'm', attempts: 1, image_id: id },
      ...{ payload_bytes: 1, claim_check: `${id}/payload`, dead_at: erasedAt, expires_at: erasedAt },
    };
    await database.execute('operations', 'record_dead_letter', letter, { actor: 'service:test' });
    const bytes = originalBytes.byteLength + previewBytes.byteLength;
    expect(await open()([targetOf(id)], 'retention', 'service:purge')).toMatchObject({ blobs: 3, bytes });
    expect([await blobsOf(stores.storage, id), await hasRow(id)]).toEqual([[], false]);
    expect(await ledgerOf(id)).toMatchObject([{ kind: 'retention', blobs: 3, bytes }]);
    const where = [{ column: 'image_id', operator: '=', value: id }] as const;
    expect(await database.query('operations', 'dead_letters', { where })).toEqual([]);
  });

  test('without bytes in its row counts none for its original', async () => {
    const id = await images.make('ann', 'stored', { age: 8 * day });
    const target = { imageId: id, uploadedAt, deleteAt, bytes: null };
    expect(await open()([target], 'retention', 'service:purge')).toMatchObject({ blobs: 1, bytes: 0 });
  });
});
