import { randomUUID } from 'node:crypto';
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
import { readDeadLetter } from '../../../../shared/stream/dead-letter.ts';
import { hubs, maxEventBytes } from '../../../../shared/stream/hubs.ts';
import type { DeadRecord } from '../../../../shared/stream/record.ts';
import {
  makeSendToDeadLetters,
  type SendToDeadLetters,
} from '../../../../shared/stream/send-to-dead-letters.ts';
import { runEventHubs, type TestHubs } from '../../../support/event-hubs.ts';
import { readHub } from '../../../support/hub-reader.ts';
import { silentLog } from '../../../support/silent-log.ts';
import { startStores, type TestStores } from '../../../support/stores.ts';

let stores: TestStores;
let eventHubs: TestHubs;
let database: Database;
let events: ReturnType<typeof makeEventSender>;
let hub: ReturnType<typeof readHub>;
let sendToDeadLetters: SendToDeadLetters;
let deadLetters: DeadLetters;
beforeAll(async () => {
  stores = await startStores();
  eventHubs = await runEventHubs(stores.directory);
  database = openDatabase({ DARKROOM_DATABASE: stores.database });
  const blobs = blobService(stores.storage);
  const storage = makeStorageWriter({ blobs, database, clock: systemClock });
  events = makeEventSender({ connectionString: eventHubs.connectionString });
  hub = readHub(eventHubs.connectionString, hubs.deadLetter);
  sendToDeadLetters = makeSendToDeadLetters({ storage, events, clock: systemClock, log: silentLog });
  deadLetters = makeDeadLetters({ database, payloads: makeDeadLetterPayloads(blobs) });
}, 180_000);
afterAll(async () => {
  await Promise.all([events.close(), hub.close(), database.close()]);
  await eventHubs.component.stop();
  await stores.stop();
});

let number = 0;

/** Dead-letters a record; answers the row that the index has of it. */
async function die(record: Omit<DeadRecord, 'enqueuedAt'>): Promise<DeadLetterRow> {
  const mark = randomUUID();
  const place = { hub: hubs.stream, partition: '1', offset: mark, enqueuedAt: new Date() };
  const error = new DarkroomError('image-corrupt', 'It cannot be decoded.');
  await sendToDeadLetters({ record: { ...record, ...place }, stage: 'check', error, attempts: 2 });
  const [event] = await hub.until(1, (one) => readDeadLetter(one).reason.offset === mark);
  const { claimCheck, payloadBytes } = readDeadLetter(event!);
  const row = {
    ...{ partition: '0', sequence_number: (number += 1), origin_hub: hubs.stream, origin_partition: '1' },
    ...{ origin_offset: mark, stage: 'check', code: 'image-corrupt', message: 'm', attempts: 2 },
    ...{ image_id: randomImageId(), payload_bytes: payloadBytes, claim_check: claimCheck ?? null },
    ...{ dead_at: new Date(), expires_at: new Date() },
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
  const records: readonly Omit<DeadRecord, 'enqueuedAt'>[] = [
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

  test('that could not be stored are not among those that are opened', async () => {
    const row = await die(records[0]!);
    const minimal = { ...row, sequence_number: row.sequence_number + 1_000, claim_check: null };
    expect([...(await deadLetters.open([row, minimal])).keys()]).toEqual([deadLetterId(row)]);
  });

  test('whose bytes were erased from the store are not either', async () => {
    const row = await die(records[2]!);
    const container = blobService(stores.storage).getContainerClient('dead-letters');
    for await (const { name } of container.listBlobsFlat()) await container.deleteBlob(name);
    expect([...(await deadLetters.open([row])).keys()]).toEqual([]);
  });
});
