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
import { makeErasureStore } from '../../../../../shared/images/store/erasure-store.ts';
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
  return makeErase({ store, database, cdn: noCdn, clock: { now: () => erasedAt }, ...parts });
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
const lease = (imageId: string) =>
  blobService(stores.storage).getContainerClient(containers.raw).getBlobClient(imageId).getBlobLeaseClient();

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

  test('takes the rows out of the lake before the row goes, and once more behind an export that ran meanwhile', async () => {
    const id = await images.make('ann', 'stored');
    const met: { ids: string[]; hadRow: boolean }[] = [];
    const lake = recordingLake(3, async (gone) =>
      met.push({ ids: gone.map(({ imageId }) => imageId), hadRow: await hasRow(id) }),
    );
    await open({ lake })([targetOf(id)], 'retention', 'service:purge');
    expect(met).toEqual([
      { ids: [id], hadRow: true },
      { ids: [id], hadRow: false },
    ]);
    expect(await ledgerOf(id)).toMatchObject([{ lake_rows: 3 }]);
  });
});

describe('bytes that somebody writes while an image is being erased', () => {
  /** Writes the original anew in the moment before the row goes, as an upload or a reprocess that was under way. */
  const writingMeanwhile = (id: string) =>
    interfering(database, async (procedure) => {
      if (procedure !== 'erase_images') return;
      await images.put(containers.raw, id, originalBytes);
      await images.put(containers.processed, `${id}/late.png`, previewBytes);
    });

  test.each(['erasure', 'sweep'] as const)('are gone too after an erasure by %s', async (kind) => {
    const id = await images.make('ann', 'processed');
    const erase = open({ database: writingMeanwhile(id) });
    expect((await erase([targetOf(id)], kind, 'ann')).failed).toEqual(new Map());
    expect(await blobsOf(stores.storage, id)).toEqual([]);
  });

  test('and that cannot be deleted make the image one that failed', async () => {
    const id = await images.make('ann', 'stored');
    const leasing = interfering(database, async () => {
      await images.put(containers.raw, id, originalBytes);
      await lease(id).acquireLease(-1);
    });
    const { failed } = await open({ database: leasing })([targetOf(id)], 'erasure', 'ann');
    expect([...failed.keys()]).toEqual([id]);
    await lease(id).breakLease(0);
    await blobService(stores.storage).getContainerClient(containers.raw).deleteBlob(id);
  });
});

describe('images of which one cannot be deleted', () => {
  test('are erased but for that one, which keeps its row and has no entry', async () => {
    const [held, other] = [await images.make('ann', 'stored'), await images.make('ann', 'processed')];
    await lease(held).acquireLease(-1);
    const purged: string[] = [];
    const met: string[] = [];
    const cdn: CdnCache = { purge: (paths) => Promise.resolve(void purged.push(...paths)) };
    const lake = recordingLake(1, (gone) => Promise.resolve(met.push(...gone.map(({ imageId }) => imageId))));
    const result = await open({ cdn, lake })([held, other].map(targetOf), 'erasure', 'ann');
    expect(result).toMatchObject({
      ...{ erased: 1, blobs: 2, bytes: originalBytes.byteLength + previewBytes.byteLength },
    });
    expect([...result.failed.keys()]).toEqual([held]);
    expect([await hasRow(held), await hasRow(other)]).toEqual([true, false]);
    expect([await ledgerOf(held), (await ledgerOf(other)).length]).toEqual([[], 1]);
    expect([purged, met]).toEqual([[`/api/images/${other}/*`], [other, other]]);
    await lease(held).breakLease(0);
    await open()([targetOf(held)], 'erasure', 'ann');
  });

  test('and no other leave the ledger and the lake alone', async () => {
    const held = await images.make('ann', 'stored');
    await lease(held).acquireLease(-1);
    const touched: unknown[] = [];
    const watched = interfering(database, (procedure) => Promise.resolve(touched.push(procedure)));
    const lake = recordingLake(1, (gone) => Promise.resolve(gone.length > 0 && touched.push(gone)));
    const result = await open({ database: watched, lake })([targetOf(held)], 'erasure', 'ann');
    expect([result.erased, [...result.failed.keys()], touched]).toEqual([0, [held], []]);
    await lease(held).breakLease(0);
    await open()([targetOf(held)], 'erasure', 'ann');
  });
});

describe('many images', () => {
  test('go in transactions of at most 200, each image once', async () => {
    const targets = Array.from({ length: 401 }, () => targetOf(randomUUID()));
    const batches: string[][] = [];
    const counting = interfering(database, (_procedure, parameters) => {
      const { entries } = parameters as { entries: { imageId: string }[] };
      return Promise.resolve(batches.push(entries.map(({ imageId }) => imageId)));
    });
    const none = { removed: new Map(), failed: new Map() };
    const erase = open({ database: counting, store: { remove: () => Promise.resolve(none) } });
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
  });

  test('without bytes in its row counts none for its original', async () => {
    const id = await images.make('ann', 'stored', { age: 8 * day });
    const target = { imageId: id, uploadedAt, deleteAt, bytes: null };
    expect(await open()([target], 'retention', 'service:purge')).toMatchObject({ blobs: 1, bytes: 0 });
  });
});
