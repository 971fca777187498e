import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openDatabase } from '../../../../shared/database/open.ts';
import type { Database } from '../../../../shared/database/port.ts';
import { sizeOf, type ImageBytes } from '../../../../shared/images/process/file/spool.ts';
import { processingEvent } from '../../../../shared/images/process/processing-message.ts';
import { imageReceivedEvent } from '../../../../shared/images/store/image-received-event.ts';
import { makeStorageWriter } from '../../../../shared/images/store/writer.ts';
import type { StorageReader, StorageWriter } from '../../../../shared/images/store/ports.ts';
import type { DeadLetterRow, DeadLetters } from '../../../../shared/operations/dead-letters.ts';
import { makePreviewReplay } from '../../../../shared/operations/replay-preview.ts';
import { makeReplay } from '../../../../shared/operations/replay.ts';
import { blobService } from '../../../../shared/platform/blobs/blob-service.ts';
import { day, systemClock } from '../../../../shared/platform/clock.ts';
import { DarkroomError } from '../../../../shared/platform/errors.ts';
import { deriveImageId } from '../../../../shared/platform/image-id.ts';
import { hubs } from '../../../../shared/stream/hubs.ts';
import type { DeadRecord } from '../../../../shared/stream/record.ts';
import { enterErasure } from '../../../support/erased-entry.ts';
import { blobsOf, imageMaker } from '../../../support/images.ts';
import { sampleImage } from '../../../support/sample-images.ts';
import { recordingSender } from '../../../support/sent-events.ts';
import { silentLog } from '../../../support/silent-log.ts';
import { startStores, type TestStores } from '../../../support/stores.ts';

const maxPixels = 1_000_000;
const maxBytes = 1_000_000;

let stores: TestStores;
let database: Database;
let images: ReturnType<typeof imageMaker>;
let storage: StorageWriter;
let png: Buffer;
beforeAll(async () => {
  stores = await startStores();
  database = openDatabase({ DARKROOM_DATABASE: stores.database });
  images = imageMaker(stores.storage, database);
  storage = makeStorageWriter({ blobs: blobService(stores.storage), database, clock: systemClock });
  png = await sampleImage('png', 20, 10);
}, 180_000);
afterAll(async () => {
  await database.close();
  await stores.stop();
});

let number = Date.now();
const columnsOf = (of: Partial<DeadLetterRow> = {}) => ({
  ...{ partition: '0', sequence_number: (number += 1), origin_hub: hubs.stream, origin_partition: '3' },
  ...{ origin_offset: '77', stage: 'check', code: 'internal', message: 'A bug.', attempts: 5 },
  ...{ image_id: null, payload_bytes: 1, claim_check: null, dead_at: new Date(), expires_at: new Date() },
  ...of,
});
const letter = (of?: Partial<DeadLetterRow>): DeadLetterRow => ({
  ...columnsOf(of),
  ...{ replays: 0, last_outcome: null },
});
const recordOf = (value: Uint8Array, headers = {}, key?: string, enqueuedAt = new Date()): DeadRecord => ({
  ...{ key, value, headers, enqueuedAt },
});
const cloudEvent = (id: string) => ({
  ...{ ce_specversion: '1.0', ce_type: 'darkroom.image.received', ce_id: id, ce_source: '/app' },
  'content-type': 'image/png',
});
const claimOf = (imageId: string) => {
  const { value, headers } = imageReceivedEvent({
    imageId,
    owner: 'ann',
    correlationId: 'c',
    at: new Date(),
  });
  return recordOf(value, headers);
};
/** An image with real bytes that were stored and have no row yet. */
async function uploaded(bytes: Uint8Array = png): Promise<string> {
  const imageId = randomUUID();
  const origin = {
    imageId,
    owner: 'ann',
    source: 'http',
    uploadedAt: new Date(),
    correlationId: 'c',
  } as const;
  await storage.storeRaw(origin, 'image/png', bytes, { maxBytes });
  return imageId;
}
async function erased(): Promise<string> {
  const imageId = randomUUID();
  await enterErasure(database, imageId);
  return imageId;
}

/** Processors that fail as they are told, to foresee what they do; without `failure` they do nothing. */
const processors = (failure?: Error) => {
  const given: number[] = [];
  return {
    given,
    process: (bytes: ImageBytes) => {
      given.push(sizeOf(bytes));
      return failure === undefined ? Promise.resolve({} as never) : Promise.reject(failure);
    },
  };
};
const preview = (processing?: ReturnType<typeof processors>) =>
  makePreviewReplay({ storage, clock: systemClock, processing, maxPixels });

describe('the preview of a replay', () => {
  test('of an image that can be read is that it is sent again', async () => {
    const expected = { outcome: 'applied', detail: expect.any(String) };
    expect(await preview()(letter(), recordOf(png, cloudEvent(randomUUID())))).toEqual(expected);
    expect(await preview()(letter(), recordOf(png))).toEqual(expected);
    expect(await preview()(letter(), claimOf(await uploaded()))).toEqual(expected);
  });

  test.each([
    ['processed', 'duplicate'],
    ['rejected', 'duplicate'],
    ['stored', 'applied'],
    ['failed', 'applied'],
  ] as const)('of an image that is %s is %s', async (status, outcome) => {
    const id = await images.make('ann', status);
    // What is stored under it is no picture.
    await storage.deleteRaw(id);
    expect(await preview()(letter({ image_id: id }), recordOf(png))).toMatchObject({ outcome });
  });

  test.each(['processed', 'rejected'] as const)('of an image that is %s says so', async (status) => {
    const row = letter({ image_id: await images.make('ann', status) });
    expect((await preview()(row, undefined)).detail).toContain(status);
  });

  test('of an image that was erased is that it may not come back, also when only the record names it', async () => {
    const id = await erased();
    const refused = { outcome: 'refused-erased' };
    expect(await preview()(letter({ image_id: id }), undefined)).toMatchObject(refused);
    expect(await preview()(letter(), claimOf(id))).toMatchObject(refused);
  });

  test.each<[string, string, Partial<DeadLetterRow>, () => Promise<DeadRecord | undefined>]>([
    ['whose record is gone', 'claim-check-missing', {}, () => Promise.resolve(undefined)],
    [
      'of a set whose other chunks are gone',
      'chunks-incomplete',
      { code: 'chunks-incomplete' },
      () => Promise.resolve(recordOf(png)),
    ],
    ['that is no image', 'message-malformed', {}, () => Promise.resolve(recordOf(Buffer.from('{"a":1}')))],
    [
      'of an image that is cut off',
      'image-truncated',
      {},
      () => Promise.resolve(recordOf(png.subarray(0, 40), cloudEvent('e'))),
    ],
    [
      'whose bytes are not stored any more',
      'claim-check-missing',
      {},
      () => Promise.resolve(claimOf(randomUUID())),
    ],
    [
      'whose stored bytes are cut off',
      'image-truncated',
      {},
      async () => claimOf(await uploaded(png.subarray(0, 40))),
    ],
  ])('of a dead letter %s is that it fails again with %s', async (_title, code, row, record) => {
    expect(await preview()(letter(row), await record())).toEqual({
      outcome: 'fails-again',
      detail: expect.stringContaining(`${code}: `),
    });
  });

  test('of too many pixels is that it fails again', async () => {
    const strict = makePreviewReplay({ storage, clock: systemClock, maxPixels: 20 * 10 - 1 });
    for (const record of [recordOf(png, cloudEvent('e')), claimOf(await uploaded())]) {
      expect(await strict(letter(), record)).toMatchObject({
        outcome: 'fails-again',
        detail: expect.stringContaining('image-too-many-pixels'),
      });
    }
  });

  test('of one chunk is that it fails again: the others of its set are gone', async () => {
    const headers = { 'chunk-id': 'c', 'chunk-index': '0', 'chunk-count': '2', sha256: 'a'.repeat(64) };
    const record = recordOf(Buffer.from('half an image'), headers, 'ann');
    expect(await preview()(letter(), record)).toMatchObject({ outcome: 'fails-again' });
  });

  test('of bytes without the digest that came with them is that it fails again, in any form', async () => {
    for (const headers of [{ sha256: 'ab'.repeat(32) }, { ...cloudEvent('e'), sha256: 'ab'.repeat(32) }]) {
      expect(await preview()(letter(), recordOf(png, headers))).toMatchObject({
        ...{ outcome: 'fails-again', detail: expect.stringContaining('digest-mismatch') },
      });
    }
  });

  test('of other bytes than those that are stored under their id is that it fails again', async () => {
    const row = letter({ image_id: await uploaded(await sampleImage('png', 9, 9)) });
    expect(await preview()(row, recordOf(png, cloudEvent('e')))).toMatchObject({
      ...{ outcome: 'fails-again', detail: expect.stringContaining('id-reused') },
    });
  });

  test('of a record that came more than seven days ago is that it may not come back', async () => {
    const old = new Date(Date.now() - 7 * day);
    expect(await preview()(letter(), recordOf(png, cloudEvent('e'), 'ann', old))).toMatchObject({
      ...{ outcome: 'fails-again', detail: expect.stringContaining('claim-check-missing') },
    });
  });
});

describe('the preview of a replay into processing', () => {
  const queued = (imageId: string) => recordOf(processingEvent({ imageId, correlationId: 'c' }).value);

  test.each([hubs.processing, hubs.reprocessing])(
    'tries the processors on the stored bytes (%s)',
    async (hub) => {
      const processing = processors();
      const record = queued(await uploaded());
      expect(await preview(processing)(letter({ origin_hub: hub }), record)).toMatchObject({
        outcome: 'applied',
      });
      expect(processing.given).toEqual([png.byteLength]);
    },
  );

  test('is that it fails again where a processor fails', async () => {
    const failing = processors(new DarkroomError('processor-failed', 'sepia 2 failed.'));
    const row = letter({ origin_hub: hubs.processing });
    expect(await preview(failing)(row, queued(await uploaded()))).toMatchObject({
      ...{ outcome: 'fails-again', detail: 'processor-failed: sepia 2 failed.' },
    });
  });

  test.each([
    ['an outage', new DarkroomError('unavailable', 'Busy.'), 'unavailable'],
    ['an error that nobody foresaw', new TypeError('a bug'), 'internal'],
  ])('is not said when %s comes between: nothing is known then', async (_title, error, code) => {
    const row = letter({ origin_hub: hubs.processing });
    const record = queued(await uploaded());
    await expect(preview(processors(error))(row, record)).rejects.toMatchObject({ code });
  });

  test('looks only for the bytes where there are no processors', async () => {
    const row = letter({ origin_hub: hubs.processing });
    expect(await preview()(row, queued(await uploaded()))).toMatchObject({ outcome: 'applied' });
    expect(await preview()(row, queued(randomUUID()))).toMatchObject({ outcome: 'fails-again' });
  });

  test('of an image that is processed already is a duplicate', async () => {
    const id = await images.make('ann', 'processed');
    const row = letter({ origin_hub: hubs.processing });
    expect(await preview()(row, queued(id))).toMatchObject({ outcome: 'duplicate' });
  });
});

describe('a replay', () => {
  const options = { dryRun: false, actor: 'eve', reason: 'bug 4711 is fixed' };
  const nobody: Pick<StorageReader, 'find'> = { find: () => Promise.resolve(undefined) };

  /** Over dead letters that hold these records. */
  function open(records: ReadonlyMap<string, DeadRecord>, awayAfter?: number) {
    const hub = recordingSender(awayAfter === undefined ? {} : { awayAfter });
    const opened: number[] = [];
    const deadLetters: Pick<DeadLetters, 'open'> = {
      open: (rows) => {
        opened.push(rows.length);
        return Promise.resolve(records);
      },
    };
    const replay = makeReplay({
      ...{ database, storage, reader: nobody, clock: systemClock, log: silentLog, maxBytes },
      ...{ deadLetters: deadLetters as DeadLetters, preview: preview(), events: hub.sender },
    });
    return { replay, sent: hub.sent, opened };
  }
  const idOf = (row: DeadLetterRow) => `${row.partition}-${row.sequence_number}`;
  /** Puts the row into the index, so that what became of it can be recorded. */
  async function indexed(of: Partial<DeadLetterRow> = {}): Promise<DeadLetterRow> {
    const columns = columnsOf(of);
    await database.execute('operations', 'record_dead_letter', columns, { actor: 'service:test' });
    return { ...columns, replays: 0, last_outcome: null };
  }
  const replaysOf = (row: DeadLetterRow) =>
    database.query('operations', 'replays', {
      where: [{ column: 'sequence_number', operator: '=', value: row.sequence_number }],
    });

  test('stores the bytes and announces them without their owner, and records who, why and what came of it', async () => {
    const row = await indexed();
    const id = randomUUID();
    const record = recordOf(png, cloudEvent(id), 'ann', new Date(Date.now() - 3 * day));
    const { replay, sent } = open(new Map([[idOf(row), record]]));
    expect(await replay([row], options)).toMatchObject([{ id: idOf(row), outcome: 'applied' }]);
    const imageId = deriveImageId('cloudevent', '/app', id);
    expect(sent.map(({ hub, event }) => [hub, event.key])).toEqual([[hubs.stream, undefined]]);
    expect(JSON.parse(Buffer.from(sent[0]!.event.value).toString())).toMatchObject({
      ...{ id: imageId, dataref: `raw/${imageId}` },
    });
    expect(await storage.rawOrigin(imageId)).toMatchObject({
      ...{ owner: 'ann', source: 'kafka', uploadedAt: record.enqueuedAt },
    });
    expect(await replaysOf(row)).toMatchObject([
      { actor: 'eve', reason: 'bug 4711 is fixed', outcome: 'applied' },
    ]);
  });

  test('when dry says the same, sends nothing and records nothing', async () => {
    const row = await indexed();
    const { replay, sent } = open(new Map([[idOf(row), recordOf(png, cloudEvent('e'))]]));
    expect(await replay([row], { ...options, dryRun: true })).toMatchObject([{ outcome: 'applied' }]);
    expect([sent, await replaysOf(row)]).toEqual([[], []]);
  });

  test.each([
    ['is gone', undefined],
    ['is no image', recordOf(Buffer.from('{"a":1}'))],
  ])('of a record that %s sends nothing, and records that it would fail again', async (_title, record) => {
    const row = await indexed();
    const { replay, sent } = open(new Map(record === undefined ? [] : [[idOf(row), record]]));
    expect(await replay([row], options)).toMatchObject([{ outcome: 'fails-again' }]);
    expect([sent, (await replaysOf(row)).map(({ outcome }) => outcome)]).toEqual([[], ['fails-again']]);
  });

  test.each([hubs.deadLetter, 'elsewhere'])(
    'refuses what came from %s, which no service reads',
    async (origin_hub) => {
      const row = await indexed({ origin_hub });
      const { replay, sent } = open(new Map([[idOf(row), recordOf(png)]]));
      expect(await replay([row], options)).toEqual([
        { id: idOf(row), outcome: 'fails-again', detail: expect.any(String) },
      ]);
      expect([sent, await replaysOf(row)]).toEqual([[], []]);
    },
  );

  test.each([hubs.processing, hubs.reprocessing])('sends to %s what came from it', async (hub) => {
    const row = await indexed({ origin_hub: hub });
    const record = recordOf(processingEvent({ imageId: await uploaded(), correlationId: 'c' }).value);
    const { replay, sent } = open(new Map([[idOf(row), record]]));
    await replay([row], options);
    expect(sent).toEqual([{ hub, event: { value: record.value, headers: record.headers } }]);
  });

  test('of a bare record whose image is known stores its bytes under that id and announces them', async () => {
    const imageId = randomUUID();
    const row = await indexed({ image_id: imageId });
    const { replay, sent } = open(new Map([[idOf(row), recordOf(png, {}, 'ann')]]));
    expect(await replay([row], options)).toMatchObject([{ outcome: 'applied' }]);
    expect(sent.map(({ event }) => event.key)).toEqual([undefined]);
    expect(JSON.parse(Buffer.from(sent[0]!.event.value).toString())).toMatchObject({
      ...{ id: imageId, dataref: `raw/${imageId}`, correlationid: imageId },
    });
    expect(await storage.rawOrigin(imageId)).toMatchObject({ owner: 'ann', source: 'kafka' });
    expect(await blobsOf(stores.storage, imageId)).toEqual([`raw/${imageId}`]);
  });

  test('of a bare record keeps the bytes that are there, and the owner and times that the image has', async () => {
    const imageId = await uploaded();
    const before = await storage.rawOrigin(imageId);
    const row = await indexed({ image_id: imageId });
    const known = { owner: 'berta', correlationId: 'c-7', uploadedAt: new Date(1_000) };
    const hub = recordingSender();
    const replay = makeReplay({
      ...{ database, storage, clock: systemClock, log: silentLog, maxBytes, preview: preview() },
      deadLetters: { open: () => Promise.resolve(new Map([[idOf(row), recordOf(png, {}, 'ann')]])) } as never,
      reader: { find: () => Promise.resolve(known as never) },
      events: hub.sender,
    });
    await replay([row], options);
    expect(JSON.parse(Buffer.from(hub.sent[0]!.event.value).toString())).toMatchObject({
      correlationid: 'c-7',
    });
    expect(await storage.rawOrigin(imageId)).toEqual(before);
  });

  test('opens at most twenty at once, and answers for each in order', async () => {
    const rows = Array.from({ length: 41 }, () => letter());
    const { replay, opened } = open(new Map());
    const results = await replay(rows, { ...options, dryRun: true });
    expect([opened, results.map(({ id }) => id)]).toEqual([[20, 20, 1], rows.map(idOf)]);
  });

  test('stops at an outage, with what was done until then recorded', async () => {
    const rows = [await indexed(), await indexed(), await indexed()];
    const record = () => recordOf(png, cloudEvent(randomUUID()));
    const { replay, sent } = open(new Map(rows.map((row) => [idOf(row), record()])), 1);
    await expect(replay(rows, options)).rejects.toMatchObject({ code: 'unavailable' });
    expect(sent).toHaveLength(1);
    const recorded = await Promise.all(rows.map(async (row) => (await replaysOf(row)).length));
    expect(recorded).toEqual([1, 0, 0]);
  });
});
