import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { EventHubConsumerClient, earliestEventPosition } from '@azure/event-hubs';
import { InvocationContext, type Timer } from '@azure/functions';
import { randomUUID } from 'node:crypto';
import { day, hour } from '../../../../shared/platform/clock.ts';
import { containers } from '../../../../shared/platform/blobs/containers.ts';
import { makeErase } from '../../../../shared/images/erase/erase.ts';
import { makeExpireUploads } from '../../../../shared/images/erase/expire-uploads.ts';
import { makeSweep } from '../../../../shared/images/erase/sweep.ts';
import { hubs } from '../../../../shared/stream/hubs.ts';
import { imageDigest } from '../../../../shared/platform/image-id.ts';
import { processLog } from '../../../../shared/platform/log.ts';
import { composition } from '../../../../functions/composition.ts';
import { openExpiredUploads } from '../../../../shared/images/receive/uploads/open.ts';
import { blobService } from '../../../../shared/platform/blobs/blob-service.ts';
import { makeErasureStore } from '../../../../shared/images/store/erasure-store.ts';
import { makeInventory, type Inventory } from '../../../../shared/images/store/inventory.ts';
import { runEventHubs, type TestHubs } from '../../../support/event-hubs.ts';
import { eventually } from '../../../support/eventually.ts';
import { blobsOf, originalBytes, previewBytes } from '../../../support/images.ts';
import { testSigner } from '../../../support/functions.ts';
import { startImageFunctions, type ImageFunctions } from '../../../support/image-functions.ts';
import { purge } from '../../../../functions/purge/purge-timer.ts';
import '../../../../functions/purge/index.ts';

let functions: ImageFunctions;
let eventHubs: TestHubs;
let { stores, issuer, database, images, send, as, moveClock } = {} as ImageFunctions;

beforeAll(async () => {
  functions = await startImageFunctions();
  ({ stores, issuer, database, images, send, as, moveClock } = functions);
  eventHubs = await runEventHubs(stores.directory);
  process.env['DARKROOM_EVENT_HUBS'] = eventHubs.connectionString;
}, 180_000);
afterAll(async () => {
  await functions.close();
  await eventHubs.component.stop();
});
beforeEach(() => moveClock(0));

const engineer = () => as('eve', 'Engineering');
const purgeNow = async (json: Record<string, unknown> = {}) => {
  const answer = await send('POST', '/api/operations/purge', { headers: await engineer(), json });
  expect(answer.status).toBe(200);
  return (await answer.json()) as {
    purge: Record<string, unknown>;
    sweep: Record<string, unknown>;
    cameBack: number;
  };
};
const ledgerOf = (id: string) =>
  database.query('operations', 'purges', {
    where: [{ column: 'image_digest', operator: '=', value: imageDigest(id) }],
  });
const rowOf = async (id: string) =>
  (
    await database.query('storage_writer', 'images', {
      where: [{ column: 'image_id', operator: '=', value: id }],
    })
  )[0];

describe('who may purge', () => {
  test('only Engineering', async () => {
    const as = async (claims: object, wrong = {}) => ({
      authorization: `Bearer ${await issuer.token({ ...claims }, wrong)}`,
    });
    const ask = async (headers?: Record<string, string>) =>
      (await send('POST', '/api/operations/purge', { json: {}, ...(headers && { headers }) })).status;
    expect(await ask()).toBe(401);
    expect(await ask(await as({ roles: ['Engineering'] }, { expires: -60 }))).toBe(401);
    expect(await ask(await as({ roles: ['Engineering'] }, { audience: 'other' }))).toBe(401);
    expect(await ask(await as({ roles: ['Uploader', 'Sales'] }))).toBe(403);
  });
});

describe('a machine whose clock is three days ahead', () => {
  const ahead = async <T>(run: () => Promise<T>): Promise<T> => {
    const realNow = Date.now.bind(Date);
    const now = jest.spyOn(Date, 'now').mockImplementation(() => realNow() + 3 * day);
    try {
      return await run();
    } finally {
      now.mockRestore();
    }
  };

  test('erases nothing before the store’s time says so, and receives nothing at a time that is not', async () => {
    const young = await images.make('ann', 'processed', { age: 5 * day });
    const over = await images.make('ann', 'processed', { age: 7 * day + hour });
    await ahead(async () => {
      expect((await purgeNow()).purge).toMatchObject({ due: 1, erased: 1 });
      expect(Math.abs(composition.clock().now().getTime() - (Date.now() - 3 * day))).toBeLessThan(10_000);
    });
    expect(await rowOf(young)).toBeDefined();
    expect(await rowOf(over)).toBeUndefined();
    moveClock(3 * day);
    await purgeNow();
  });

  test('erases nothing where the store does not tell its time', async () => {
    const young = await images.make('ann', 'processed', { age: 5 * day });
    const { purge: purgeWith, sweep } = await composition.erasure();
    const sweepWith = sweep(processLog(), await composition.events(), await composition.storageWriter());
    const silent = jest.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('Nothing answers.'));
    try {
      await ahead(async () => {
        await expect(purgeWith(processLog())()).rejects.toMatchObject({ code: 'unavailable' });
        await expect(sweepWith()).rejects.toMatchObject({ code: 'unavailable' });
      });
    } finally {
      silent.mockRestore();
    }
    expect(await rowOf(young)).toBeDefined();
    moveClock(3 * day);
    await purgeNow();
  });

  test('is told, with by how much', async () => {
    const errors: unknown[][] = [];
    const log = {
      ...processLog(),
      info: () => undefined,
      error: (...told: unknown[]) => void errors.push(told),
    };
    const { purge: purgeWith } = await composition.erasure();
    await purgeWith(log)();
    expect(errors).toEqual([]);
    await ahead(() => purgeWith(log)());
    expect(errors).toHaveLength(1);
    const [event, , fields] = errors[0]!;
    expect(event).toBe('clock.differs');
    const { aheadSeconds } = fields as { aheadSeconds: number };
    expect(Math.abs(aheadSeconds - (3 * day) / 1000)).toBeLessThan(10);
  });
});

describe('the purge', () => {
  test('leaves an image alone until its seven days are over, and nothing of it a moment later', async () => {
    const id = await images.make('ann', 'processed');
    moveClock(7 * day - hour);
    expect((await purgeNow()).purge['erased']).toBe(0);
    expect(await blobsOf(stores.storage, id)).toHaveLength(2);
    moveClock(7 * day + 60_000);
    expect((await purgeNow()).purge).toMatchObject({
      ...{ due: 1, erased: 1, blobs: 2, failed: 0, unfinished: false },
      bytes: originalBytes.byteLength + previewBytes.byteLength,
    });
    expect(await blobsOf(stores.storage, id)).toEqual([]);
    expect(await rowOf(id)).toBeUndefined();
    expect(await ledgerOf(id)).toMatchObject([{ kind: 'retention', blobs: 2 }]);
  });

  test('dry, says what it would do and does nothing', async () => {
    const id = await images.make('ann', 'processed', { age: 8 * day });
    expect((await purgeNow({ dryRun: true })).purge).toMatchObject({
      dryRun: true,
      due: 1,
      erased: 1,
      blobs: 2,
    });
    expect(await blobsOf(stores.storage, id)).toHaveLength(2);
    expect((await purgeNow()).purge['erased']).toBe(1);
  });

  test('erases what is due of any status, by its timer', async () => {
    const due = [
      await images.make('ann', 'stored', { age: 8 * day }),
      await images.make('ann', 'rejected', { age: 8 * day }),
      await images.make('ann', 'failed', { age: 8 * day }),
    ];
    const young = await images.make('ann', 'stored', { age: 6 * day });
    const timer: Timer = {
      isPastDue: false,
      schedule: { adjustForDST: false },
      scheduleStatus: { last: '', next: '', lastUpdated: '' },
    };
    await purge(timer, new InvocationContext({ functionName: 'purge', logHandler: () => undefined }));
    for (const id of due) {
      expect(await rowOf(id)).toBeUndefined();
      expect(await blobsOf(stores.storage, id)).toEqual([]);
    }
    expect(await rowOf(young)).toBeDefined();
  });

  test('passes over an image that cannot be deleted now, erases the rest, and takes it up the next time', async () => {
    const held = await images.make('ann', 'stored', { age: 9 * day });
    const other = await images.make('ann', 'stored', { age: 8 * day });
    const lease = blobService(stores.storage)
      .getContainerClient(containers.raw)
      .getBlobClient(held)
      .getBlobLeaseClient();
    await lease.acquireLease(-1);
    expect((await purgeNow()).purge).toMatchObject({ due: 2, erased: 2, failed: 0 });
    expect([await rowOf(other), await rowOf(held)]).toEqual([undefined, undefined]);
    expect(await ledgerOf(held)).toHaveLength(1);
  });

  test('goes on where a run ended that died between bytes and rows', async () => {
    const id = await images.make('ann', 'processed', { age: 8 * day });
    const store = makeErasureStore(blobService(stores.storage));
    const cdn = { purge: () => Promise.reject(new Error('killed here')) };
    const dying = makeErase({ store, database, cdn, clock: composition.clock(), signer: testSigner });
    const { bytes } = (await rowOf(id))!;
    const target = { imageId: id, uploadedAt: new Date(), deleteAt: new Date(), bytes };
    await expect(dying([target], 'retention', 'service:test')).rejects.toThrow('killed here');
    expect([await blobsOf(stores.storage, id), await ledgerOf(id)]).toEqual([[], []]);
    expect((await purgeNow()).purge).toMatchObject({ erased: 1 });
    expect(await ledgerOf(id)).toMatchObject([{ blobs: 2 }]);
  });
});

describe('after a restore', () => {
  test('what the ledger says was erased is erased again, once more by its export for what the database forgot', async () => {
    const known = await images.make('ann', 'stored');
    const forgotten = await images.make('ann', 'stored');
    const kept = await images.make('ann', 'stored');
    const { purge: before } = await purgeNow({
      replayLedger: true,
      digests: [imageDigest(forgotten)],
      dryRun: true,
    });
    expect(before['dryRun']).toBe(true);
    expect(await rowOf(forgotten)).toBeDefined();
    expect((await purgeNow({ replayLedger: true, digests: [imageDigest(forgotten)] })).cameBack).toBe(1);
    expect([await rowOf(forgotten), await blobsOf(stores.storage, forgotten)]).toEqual([undefined, []]);
    expect([await rowOf(known), await rowOf(kept)]).not.toContain(undefined);
  });
});

describe('the sweep', () => {
  /** The stores as they are, but as if every blob were an hour old: what is younger is left alone. */
  const aged = (inventory: Inventory): Inventory => {
    const older = async function* <Item extends { modifiedAt: Date }>(pages: AsyncIterable<readonly Item[]>) {
      for await (const page of pages)
        yield page.map((item) => ({ ...item, modifiedAt: new Date(Date.now() - hour) }));
    };
    return {
      ...inventory,
      rawPages: () => older(inventory.rawPages()),
      processedPages: () => older(inventory.processedPages()),
    };
  };
  const sweep = async (options: { dryRun?: boolean } = {}) => {
    const blobs = blobService(stores.storage);
    const { erase } = await composition.erasure();
    const log = { ...processLog(), info: () => undefined, warn: () => undefined };
    const [events, writer] = [await composition.events(), await composition.storageWriter()];
    const inventory = aged(makeInventory(blobs));
    const clock = composition.clock();
    const expireUploads = makeExpireUploads({ uploads: openExpiredUploads(blobs), erase, clock, log });
    return makeSweep({ inventory, database, erase, events, writer, expireUploads, clock, log })(options);
  };
  /** Ids of the images that the stream was told about. */
  async function announced(expected: string): Promise<string[]> {
    const consumer = new EventHubConsumerClient('$Default', eventHubs.connectionString, hubs.stream);
    const ids: string[] = [];
    const subscription = consumer.subscribe(
      {
        processEvents: (events) => {
          for (const { body } of events)
            ids.push((JSON.parse(Buffer.from(body as Uint8Array).toString()) as { id: string }).id);
          return Promise.resolve();
        },
        processError: () => Promise.resolve(),
      },
      { startPosition: earliestEventPosition, skipParsingBodyAsJson: true },
    );
    try {
      await eventually(() => (ids.includes(expected) ? true : undefined));
    } finally {
      await subscription.close();
      await consumer.close();
    }
    return ids;
  }
  beforeEach(async () => {
    await purgeNow();
    await sweep();
  });

  test('announces once more bytes whose event was lost, and leaves what is young or has a row', async () => {
    const lost = await images.make('ann', 'received');
    const stored = await images.make('ann', 'stored');
    expect(await sweep({ dryRun: true })).toMatchObject({ dryRun: true, resent: 1 });
    expect(await sweep()).toMatchObject({ resent: 1, erased: 0, missingBytes: 0, orphanedDerivatives: 0 });
    const ids = await announced(lost);
    expect(ids).not.toContain(stored);
    expect((await purgeNow({ sweep: true })).sweep).toMatchObject({ resent: 0 });
    await (
      await composition.erasure()
    ).erase([{ imageId: lost, uploadedAt: new Date(), deleteAt: new Date() }], 'sweep', 'service:test');
  }, 60_000);

  test('erases bytes without a row that are past their time, and proves it', async () => {
    const id = await images.make('ann', 'received', { age: 8 * day });
    expect(await sweep()).toMatchObject({ erased: 1, resent: 0 });
    expect(await blobsOf(stores.storage, id)).toEqual([]);
    expect(await ledgerOf(id)).toMatchObject([{ kind: 'sweep', blobs: 1 }]);
  });

  test('erases bytes that came back after the ledger recorded their erasure', async () => {
    const id = await images.make('ann', 'stored', { age: 8 * day });
    await purgeNow();
    await images.put(containers.raw, id, originalBytes, {
      owner: 'ann',
      source: 'http',
      uploadedat: new Date().toISOString(),
    });
    expect(await sweep()).toMatchObject({ erased: 1, resent: 0 });
    expect(await blobsOf(stores.storage, id)).toEqual([]);
    expect(await ledgerOf(id)).toHaveLength(1);
  });

  test('deletes derivatives that no row refers to and keeps those that one does', async () => {
    const id = await images.make('ann', 'processed');
    await images.put(containers.processed, `${id}/poster.png`, previewBytes);
    expect(await sweep()).toMatchObject({ orphanedDerivatives: 1 });
    expect(await blobsOf(stores.storage, id)).toEqual([`raw/${id}`, `processed/${id}/preview-1.png`]);
  });

  test('marks an image as failed whose bytes are missing, so that it has an end', async () => {
    const id = await images.make('ann', 'stored', { age: hour });
    await blobService(stores.storage).getContainerClient(containers.raw).getBlobClient(id).delete();
    expect(await sweep()).toMatchObject({ missingBytes: 1 });
    expect(await rowOf(id)).toMatchObject({ status: 'failed', failure_code: 'claim-check-missing' });
    await (
      await composition.erasure()
    ).erase([{ imageId: id, uploadedAt: new Date(), deleteAt: new Date() }], 'sweep', 'service:test');
  });

  test('deletes payloads of dead letters whose time is up', async () => {
    const soon = new Date(Date.now() + hour).toISOString();
    await images.put(containers.deadLetters, 'unknown/young', previewBytes, { expiresat: soon });
    await images.put(containers.deadLetters, 'unknown/old', previewBytes, {
      expiresat: new Date(0).toISOString(),
    });
    expect(await sweep()).toMatchObject({ expiredPayloads: 1 });
    const left: string[] = [];
    const payloads = blobService(stores.storage).getContainerClient(containers.deadLetters);
    for await (const { name } of payloads.listBlobsFlat()) left.push(name);
    expect(left).toEqual(['unknown/young']);
  });

  test('drops staged blocks that were met a day and a half ago and still belong to nobody', async () => {
    const id = randomUUID();
    const blob = blobService(stores.storage).getContainerClient(containers.raw).getBlockBlobClient(id);
    await blob.stageBlock(Buffer.from('chunk-000000').toString('base64'), 'abc', 3);
    expect(await sweep()).toMatchObject({ discardedUploads: 0, erased: 0, resent: 0 });
    moveClock(35 * hour);
    expect(await sweep()).toMatchObject({ discardedUploads: 0 });
    moveClock(37 * hour);
    expect(await sweep()).toMatchObject({ discardedUploads: 1 });
    expect(await blobsOf(stores.storage, id)).toEqual([]);
  });
});
