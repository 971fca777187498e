import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { day, hour } from '../../../../../shared/platform/clock.ts';
import { blobService } from '../../../../../shared/platform/blobs/blob-service.ts';
import { containers } from '../../../../../shared/platform/blobs/containers.ts';
import { imageDigest } from '../../../../../shared/platform/image-id.ts';
import { noCdn } from '../../../../../shared/images/erase/cdn.ts';
import { parseProcessingMessage } from '../../../../../shared/images/process/processing-message.ts';
import { makeErase } from '../../../../../shared/images/erase/erase.ts';
import { makeSweep } from '../../../../../shared/images/erase/sweep.ts';
import { makeErasureStore, type ErasureStore } from '../../../../../shared/images/store/erasure-store.ts';
import { makeInventory, type Inventory } from '../../../../../shared/images/store/inventory.ts';
import { makeStorageWriter } from '../../../../../shared/images/store/writer.ts';
import { testSigner } from '../../../../support/functions.ts';
import { blobsOf, originalBytes, previewBytes } from '../../../../support/images.ts';
import { recordingSender } from '../../../../support/sent-events.ts';
import { useImageStores } from '../../../../support/image-stores.ts';
import { silentLog } from '../../../../support/silent-log.ts';

const log = silentLog;
const minute = 60_000;

const given = useImageStores();

/** The stores as they are, but as if every blob had been written so long ago. */
function aged(inventory: Inventory, age: number): Inventory {
  const older = async function* <Item extends { modifiedAt: Date }>(pages: AsyncIterable<readonly Item[]>) {
    for await (const page of pages)
      yield page.map((item) => ({ ...item, modifiedAt: new Date(Date.now() - age) }));
  };
  return {
    ...inventory,
    rawPages: () => older(inventory.rawPages()),
    processedPages: () => older(inventory.processedPages()),
  };
}

interface Situation {
  readonly dryRun?: boolean;
  /** Of every blob. Milliseconds. */
  readonly age?: number;
  /** How far ahead the clock is. Milliseconds. */
  readonly ahead?: number;
  readonly inventory?: Partial<Inventory>;
  /** An image of which nothing can be deleted. */
  readonly refuse?: string;
}

async function sweep({ dryRun, age = hour, ahead = 0, inventory = {}, refuse }: Situation = {}) {
  const blobs = blobService(given().stores.storage);
  const clock = { now: () => new Date(Date.now() + ahead) };
  const all = makeErasureStore(blobs);
  const store: ErasureStore = {
    ...all,
    async remove(found) {
      const done = await all.remove(found.filter(({ imageId }) => imageId !== refuse));
      return refuse === undefined ? done : { ...done, failed: new Map([[refuse, new Error('held')]]) };
    },
  };
  const erase = makeErase({ store, database: given().database, cdn: noCdn, clock, signer: testSigner });
  const { sender: events, sent } = recordingSender();
  const uploads: boolean[] = [];
  const run = makeSweep({
    ...{ database: given().database, erase, events, clock, log },
    inventory: { ...aged(makeInventory(blobs), age), ...inventory },
    writer: makeStorageWriter({ blobs, database: given().database, clock }),
    expireUploads: (dry) => Promise.resolve(uploads.push(dry) * 7),
  });
  const report = await run(dryRun === undefined ? {} : { dryRun });
  return { report, sent, uploads };
}

const nothing = {
  ...{ dryRun: false, resent: 0, erased: 0, missingBytes: 0, orphanedDerivatives: 0 },
  ...{ staleRows: 0, missingDerivatives: 0, expiredPayloads: 0 },
  ...{ discardedUploads: 0, expiredUploads: 7, failed: 0 },
};
const rowOf = async (id: string) => {
  const where = [{ column: 'image_id', operator: '=', value: id }] as const;
  return (await given().database.query('storage_writer', 'images', { where }))[0];
};
const rawOf = (id: string) =>
  blobService(given().stores.storage).getContainerClient(containers.raw).getBlockBlobClient(id);

test('a sweep over stores that agree finds nothing, and asks for the uploads that expired', async () => {
  await given().images.make('ann', 'processed', { age: hour });
  await given().images.make('ann', 'failed', { age: hour });
  const { report, sent, uploads } = await sweep();
  expect([report, sent, uploads]).toEqual([nothing, [], [false]]);
  expect((await sweep({ dryRun: true })).uploads).toEqual([true]);
});

describe('bytes without a row', () => {
  test('are announced once more as what they are, with their correlation id, and name no owner', async () => {
    const id = await given().images.make('ann', 'received');
    expect((await sweep({ dryRun: true })).sent).toEqual([]);
    const { report, sent } = await sweep();
    expect(report).toEqual({ ...nothing, resent: 1 });
    expect(sent.map(({ hub, event }) => [hub, event.key])).toEqual([['image-stream', undefined]]);
    expect(JSON.parse(Buffer.from(sent[0]!.event.value).toString())).toMatchObject({
      ...{ id, dataref: `raw/${id}`, correlationid: 'c-1' },
    });
    expect(await blobsOf(given().stores.storage, id)).toEqual([`raw/${id}`]);
  });

  test.each([
    ['14 minutes old are on their way', 14 * minute, 0],
    ['16 minutes old have lost their event', 16 * minute, 1],
  ])('that are %s', async (_title, age, resent) => {
    await given().images.make('ann', 'received');
    expect((await sweep({ age })).report).toMatchObject({ resent });
  });

  test('that are past day 7 are erased, with an entry; in a dry run only counted', async () => {
    const id = await given().images.make('ann', 'received', { age: 7 * day });
    const young = await given().images.make('ann', 'received', { age: 7 * day - minute });
    expect((await sweep({ dryRun: true })).report).toMatchObject({ dryRun: true, erased: 1, resent: 1 });
    expect(await blobsOf(given().stores.storage, id)).toHaveLength(1);
    expect((await sweep()).report).toMatchObject({ erased: 1, resent: 1 });
    expect([await blobsOf(given().stores.storage, id), await blobsOf(given().stores.storage, young)]).toEqual(
      [[], [`raw/${young}`]],
    );
    const where = [{ column: 'image_digest', operator: '=', value: imageDigest(id) }] as const;
    const [entry] = await given().database.query('operations', 'purges', { where });
    expect(entry).toMatchObject({ kind: 'sweep', blobs: 1 });
    expect(Date.parse(entry!.due_at) - Date.parse(entry!.uploaded_at)).toBe(7 * day);
  });

  test('that the ledger says were erased are erased again, however young', async () => {
    const id = await given().images.make('ann', 'stored');
    const target = { imageId: id, uploadedAt: new Date(), deleteAt: new Date() };
    const store = makeErasureStore(blobService(given().stores.storage));
    await makeErase({
      store,
      database: given().database,
      cdn: noCdn,
      signer: testSigner,
      clock: { now: () => new Date() },
    })([target], 'erasure', 'ann');
    const metadata = { owner: 'ann', source: 'http', uploadedat: new Date().toISOString() };
    await given().images.put(containers.raw, id, originalBytes, metadata);
    const { report, sent } = await sweep();
    expect([report, sent]).toEqual([{ ...nothing, erased: 1 }, []]);
    expect(await blobsOf(given().stores.storage, id)).toEqual([]);
  });

  test('are told from those with a row however many there are in a page', async () => {
    const known = await given().images.make('ann', 'stored');
    const origin = { owner: 'ann', source: 'http', uploadedAt: new Date(), correlationId: 'c' } as const;
    const ids = [...Array.from({ length: 1_000 }, () => randomUUID()), known];
    const modifiedAt = new Date(Date.now() - hour);
    const page = ids.map((imageId) => ({ imageId, origin: { ...origin, imageId }, modifiedAt }));
    const rawPages = async function* () {
      yield await Promise.resolve(page);
    };
    const { report, sent } = await sweep({ inventory: { rawPages } });
    expect([report.resent, report.missingBytes]).toEqual([1_000, 0]);
    expect(
      sent.map(({ event }) => (JSON.parse(Buffer.from(event.value).toString()) as { id: string }).id),
    ).toEqual(ids.slice(0, 1_000));
  });
});

describe('derivatives that no row refers to', () => {
  async function orphan(): Promise<string> {
    const id = await given().images.make('ann', 'processed');
    await given().images.put(containers.processed, `${id}/poster.png`, previewBytes);
    return id;
  }

  test('are deleted, and those that one refers to are not', async () => {
    const id = await orphan();
    expect((await sweep({ dryRun: true })).report).toMatchObject({ orphanedDerivatives: 1 });
    expect(await blobsOf(given().stores.storage, id)).toHaveLength(3);
    expect((await sweep()).report).toEqual({ ...nothing, orphanedDerivatives: 1 });
    expect(await blobsOf(given().stores.storage, id)).toEqual([`raw/${id}`, `processed/${id}/preview-1.png`]);
  });

  test('are deleted under a lease and with snapshots, and keep no other from being deleted', async () => {
    const ids = [await orphan(), await orphan(), await orphan()];
    const processed = blobService(given().stores.storage).getContainerClient(containers.processed);
    const [leased, kept] = ids.map((id) => processed.getBlobClient(`${id}/poster.png`));
    await leased!.getBlobLeaseClient().acquireLease(-1);
    await kept!.createSnapshot();
    expect((await sweep()).report).toEqual({ ...nothing, orphanedDerivatives: 3 });
    for (const id of ids) {
      expect(await blobsOf(given().stores.storage, id)).toEqual([
        `raw/${id}`,
        `processed/${id}/preview-1.png`,
      ]);
    }
  });

  test.each([
    ['younger than 15 minutes stay: their row may be on its way', 14 * minute, 0],
    ['older than that go', 16 * minute, 1],
  ])('and that are %s', async (_title, age, orphanedDerivatives) => {
    const id = await orphan();
    expect((await sweep({ age })).report).toMatchObject({ orphanedDerivatives });
    expect(await blobsOf(given().stores.storage, id)).toHaveLength(3 - orphanedDerivatives);
  });
});

describe('rows whose original is missing', () => {
  const without = async (status: 'stored' | 'processed' | 'failed' | 'rejected', age: number) => {
    const id = await given().images.make('ann', status, { age });
    await rawOf(id).deleteIfExists();
    return id;
  };

  test('and that wait to be processed are marked as failed; in a dry run only counted', async () => {
    const id = await without('stored', hour);
    expect((await sweep({ dryRun: true })).report).toMatchObject({ missingBytes: 1 });
    expect(await rowOf(id)).toMatchObject({ status: 'stored' });
    expect((await sweep()).report).toEqual({ ...nothing, missingBytes: 1 });
    expect(await rowOf(id)).toMatchObject({
      ...{ status: 'failed', failure_code: 'claim-check-missing', owner: 'ann', source: 'http' },
    });
  });

  test('and that are at their end are counted and stay what they are', async () => {
    const [processed, failed] = [await without('processed', hour), await without('failed', hour)];
    const [seen, other] = [await rowOf(processed), await rowOf(failed)];
    expect((await sweep()).report).toEqual({ ...nothing, missingBytes: 2 });
    expect([await rowOf(processed), await rowOf(failed)]).toEqual([seen, other]);
  });

  test('because they were rejected, and rows of the last 15 minutes, are as they must be', async () => {
    await without('rejected', hour);
    await without('stored', 14 * minute);
    expect((await sweep()).report).toEqual(nothing);
  });
});

describe('payloads of dead letters', () => {
  const letter = (claim_check: string, sequence_number: number, expires_at: Date) => ({
    ...{
      partition: '0',
      sequence_number,
      origin_hub: 'image-stream',
      origin_partition: '0',
      origin_offset: '1',
    },
    ...{ stage: 'check', code: 'internal', message: 'm', attempts: 1, image_id: null, payload_bytes: 1 },
    ...{ claim_check, dead_at: new Date(0), expires_at },
  });
  const record = (row: ReturnType<typeof letter>) =>
    given().database.execute('operations', 'record_dead_letter', row, { actor: 'service:test' });
  const lettersLeft = async () =>
    (await given().database.query('operations', 'dead_letters')).map((row) => row.claim_check);

  test('go when their time is up, with what the index has of them; the others stay', async () => {
    const [past, soon] = [new Date(Date.now() - minute), new Date(Date.now() + hour)];
    await given().images.put(containers.deadLetters, 'unknown/old', previewBytes, {
      expiresat: past.toISOString(),
    });
    await given().images.put(containers.deadLetters, 'unknown/young', previewBytes, {
      expiresat: soon.toISOString(),
    });
    await record(letter('unknown/old', 1, past));
    await record(letter('unknown/young', 2, soon));
    expect((await sweep({ dryRun: true })).report).toMatchObject({ expiredPayloads: 1 });
    expect(await lettersLeft()).toHaveLength(2);
    expect((await sweep()).report).toEqual({ ...nothing, expiredPayloads: 1 });
    const left = await blobsOf(given().stores.storage, 'unknown');
    expect([left, await lettersLeft()]).toEqual([['dead-letters/unknown/young'], ['unknown/young']]);
  });
});

describe('staged blocks that nobody committed', () => {
  const stage = async () => {
    const id = randomUUID();
    await rawOf(id).stageBlock(Buffer.from('chunk-000000').toString('base64'), 'abc', 3);
    return id;
  };

  test('go a day and a half after a sweep met them first, by the clock; the younger ones stay', async () => {
    const old = await stage();
    expect((await sweep()).report).toEqual(nothing);
    const young = await stage();
    expect((await sweep({ ahead: 35 * hour })).report).toEqual(nothing);
    expect((await sweep({ ahead: 37 * hour, dryRun: true })).report).toMatchObject({ discardedUploads: 1 });
    expect((await sweep({ ahead: 37 * hour })).report).toEqual({ ...nothing, discardedUploads: 1 });
    expect([
      await blobsOf(given().stores.storage, old),
      await blobsOf(given().stores.storage, young),
    ]).toEqual([[], [`raw/${young}`]]);
    expect(await makeInventory(blobService(given().stores.storage)).readFirstSeen()).toEqual({
      [young]: expect.any(String),
    });
  });

  test('that were only seen by a dry run were not met', async () => {
    await stage();
    await sweep({ dryRun: true });
    expect(await makeInventory(blobService(given().stores.storage)).readFirstSeen()).toEqual({});
  });
});

describe('rows whose work was lost', () => {
  test('stored for longer than a hub keeps an event are sent for processing again; in a dry run only counted', async () => {
    const id = await given().images.make('ann', 'stored', { age: day + minute });
    await given().images.make('ann', 'stored', { age: day - hour });
    expect((await sweep({ dryRun: true })).sent).toEqual([]);
    const { report, sent } = await sweep();
    expect(report).toEqual({ ...nothing, staleRows: 1 });
    expect(sent.map(({ hub, event }) => [hub, parseProcessingMessage(event.value).imageId])).toEqual([
      ['image-processing-slow', id],
    ]);
  });

  test('processed, of which a derivative is gone, are processed again', async () => {
    const id = await given().images.make('ann', 'processed');
    await given().images.make('ann', 'processed');
    const processed = blobService(given().stores.storage).getContainerClient(containers.processed);
    await processed.deleteBlob(`${id}/preview-1.png`);
    const { report, sent } = await sweep({ ahead: minute });
    expect(report).toEqual({ ...nothing, missingDerivatives: 1 });
    expect(sent.map(({ hub, event }) => [hub, parseProcessingMessage(event.value).imageId])).toEqual([
      ['image-reprocessing', id],
    ]);
  });
});

describe('what fails in a sweep', () => {
  test('is counted and does not keep the other steps, and nothing counts as missing from a store that was not listed', async () => {
    await given().images.make('ann', 'processed', { age: hour });
    await given().images.put(containers.processed, `${randomUUID()}/orphan.png`, previewBytes);
    const broken = () => {
      throw new Error('the store is away');
    };
    const { report } = await sweep({ inventory: { rawPages: broken } });
    expect(report).toEqual({ ...nothing, orphanedDerivatives: 1, failed: 1 });
  });

  test('an erasure that fails does not keep the others of its page', async () => {
    const [first, second] = [
      await given().images.make('ann', 'received', { age: 8 * day }),
      await given().images.make('ann', 'received', { age: 8 * day }),
    ];
    const { report } = await sweep({ refuse: first });
    expect(report).toEqual({ ...nothing, erased: 1, failed: 1 });
    expect([
      await blobsOf(given().stores.storage, first),
      await blobsOf(given().stores.storage, second),
    ]).toEqual([[`raw/${first}`], []]);
  });
});
