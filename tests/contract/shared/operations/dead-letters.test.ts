import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openDatabase } from '../../../../shared/database/open.ts';
import type { Database } from '../../../../shared/database/port.ts';
import { makeDeadLetterPayloads } from '../../../../shared/images/store/dead-letter-payloads.ts';
import { makeStorageWriter } from '../../../../shared/images/store/writer.ts';
import {
  deadLetterId,
  makeDeadLetters,
  type DeadLetterRow,
  type DeadLetters,
} from '../../../../shared/operations/dead-letters.ts';
import { blobService } from '../../../../shared/platform/blobs/blob-service.ts';
import { systemClock } from '../../../../shared/platform/clock.ts';
import { DarkroomError } from '../../../../shared/platform/errors.ts';
import { randomImageId } from '../../../../shared/platform/image-id.ts';
import { makeEventSender } from '../../../../shared/stream/event-sender.ts';
import { makeHubReader, type HubReader } from '../../../../shared/stream/hub-reader.ts';
import { hubs, maxEventBytes } from '../../../../shared/stream/hubs.ts';
import type { DeadRecord } from '../../../../shared/stream/record.ts';
import {
  makeSendToDeadLetters,
  type SendToDeadLetters,
} from '../../../../shared/stream/send-to-dead-letters.ts';
import { runEventHubs, type TestHubs } from '../../../support/event-hubs.ts';
import { silentLog } from '../../../support/silent-log.ts';
import { startStores, type TestStores } from '../../../support/stores.ts';

let stores: TestStores;
let eventHubs: TestHubs;
let database: Database;
let events: ReturnType<typeof makeEventSender>;
let reader: HubReader;
let sendToDeadLetters: SendToDeadLetters;
let deadLetters: DeadLetters;
beforeAll(async () => {
  stores = await startStores();
  eventHubs = await runEventHubs(stores.directory);
  database = openDatabase({ DARKROOM_DATABASE: stores.database });
  const blobs = blobService(stores.storage);
  const storage = makeStorageWriter({ blobs, database, clock: systemClock });
  events = makeEventSender({ connectionString: eventHubs.connectionString });
  reader = makeHubReader({ connectionString: eventHubs.connectionString });
  sendToDeadLetters = makeSendToDeadLetters({ storage, events, clock: systemClock, log: silentLog });
  deadLetters = makeDeadLetters({ database, reader, payloads: makeDeadLetterPayloads(blobs) });
}, 180_000);
afterAll(async () => {
  await Promise.all([events.close(), reader.close(), database.close()]);
  await eventHubs.part.stop();
  await stores.stop();
});

/** Where the hub's partitions end. */
const ends = async () =>
  new Map(
    (await reader.partitions(hubs.deadLetter)).map((one) => [
      one.partitionId,
      one.lastEnqueuedSequenceNumber,
    ]),
  );

/** Dead-letters a record; answers the row that the index has of it. */
async function die(record: DeadRecord): Promise<DeadLetterRow> {
  const before = await ends();
  const place = { hub: hubs.stream, partition: '1', offset: '7', enqueuedAt: new Date() };
  const error = new DarkroomError('image-corrupt', 'It cannot be decoded.');
  await sendToDeadLetters({ record: { ...record, ...place }, stage: 'check', error, attempts: 2 });
  const [partition, last] = [...(await ends())].find(([id, end]) => end !== before.get(id))!;
  const row = {
    ...{
      partition,
      sequence_number: last,
      origin_hub: hubs.stream,
      origin_partition: '1',
      origin_offset: '7',
    },
    ...{ stage: 'check', code: 'image-corrupt', message: 'm', attempts: 2, image_id: randomImageId() },
    ...{ payload_bytes: 1, claim_check: null, dead_at: new Date(), expires_at: new Date() },
  };
  await database.execute('operations', 'record_dead_letter', row, { actor: 'service:test' });
  return { ...row, replays: 0, last_outcome: null };
}

describe('a dead letter', () => {
  test('is found by the name that the index gives it', async () => {
    const row = await die({ key: 'ann', value: Buffer.from('x'), headers: {} });
    expect(deadLetterId(row)).toBe(`${row.partition}-${row.sequence_number}`);
    expect(await deadLetters.find(deadLetterId(row))).toMatchObject({
      ...{ partition: row.partition, sequence_number: row.sequence_number, code: 'image-corrupt' },
    });
  });

  test.each([
    ['that the index does not have', '0-999999999', 'not-found'],
    ['in words', 'nonsense', 'invalid-request'],
    ['with more behind it', '0-1x', 'invalid-request'],
    ['with more before it', 'x0-1', 'invalid-request'],
    ['of a partition with six digits', '123456-1', 'invalid-request'],
    ['with a number of 17 digits', '0-12345678901234567', 'invalid-request'],
    ['without a number', '0-', 'invalid-request'],
  ])('by a name %s is none', async (_title, id, code) => {
    await expect(deadLetters.find(id)).rejects.toMatchObject({ code });
  });
});

describe('the records in dead letters', () => {
  const records: readonly DeadRecord[] = [
    { key: 'ann', value: Buffer.from('small'), headers: { ce_id: 'e-1', 'content-type': 'image/png' } },
    { key: undefined, value: Buffer.from('of nobody'), headers: {} },
    { key: 'k'.repeat(200), value: Buffer.alloc(maxEventBytes, 7), headers: { ce_id: 'e-2' } },
  ];

  test('are as they were when they died, key and headers too, wherever they are kept', async () => {
    const rows = [];
    for (const record of records) rows.push(await die(record));
    const opened = await deadLetters.open(rows);
    expect([...opened.keys()].sort()).toEqual(rows.map(deadLetterId).sort());
    for (const [index, { key, value, headers }] of records.entries()) {
      const record = opened.get(deadLetterId(rows[index]!))!;
      expect([record.key, record.headers]).toEqual([key, headers]);
      expect(Buffer.compare(record.value, value)).toBe(0);
    }
  });

  test('that have expired are not among those that are opened', async () => {
    const row = await die(records[0]!);
    const gone = { ...row, sequence_number: row.sequence_number + 1_000 };
    expect([...(await deadLetters.open([row, gone])).keys()]).toEqual([deadLetterId(row)]);
  });

  test('whose bytes were erased from the store are not either', async () => {
    const row = await die(records[2]!);
    const container = blobService(stores.storage).getContainerClient('dead-letters');
    for await (const { name } of container.listBlobsFlat()) await container.deleteBlob(name);
    expect([...(await deadLetters.open([row])).keys()]).toEqual([]);
  });

  test('of a content type that only AMQP tells have it as a header', async () => {
    const before = await ends();
    const row = await die(records[0]!);
    const sent = (await reader.events(hubs.deadLetter, row.partition, [row.sequence_number])).values().next();
    await events.send(hubs.deadLetter, {
      key: 'ann',
      value: Buffer.from('x'),
      headers: sent.value!.properties as Record<string, string>,
      contentType: 'image/gif',
    });
    const [partition, last] = [...(await ends())].find(([id, end]) => end > before.get(id)!)!;
    const opened = await deadLetters.open([{ ...row, partition, sequence_number: last }]);
    expect([...opened.values()].map(({ headers }) => headers['content-type'])).toEqual(['image/gif']);
  });
});
