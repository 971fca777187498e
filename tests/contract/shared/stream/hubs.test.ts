import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeEventSender, type EventSender } from '../../../../shared/stream/event-sender.ts';
import { makeHubReader, type HubReader } from '../../../../shared/stream/hub-reader.ts';
import { hubs, maxEventBytes } from '../../../../shared/stream/hubs.ts';
import { runEventHubs, type TestHubs } from '../../../support/event-hubs.ts';
import { readHub } from '../../../support/hub-reader.ts';

let directory: string;
let eventHubs: TestHubs;
let sender: EventSender;
let reader: HubReader;
let stream: ReturnType<typeof readHub>;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'darkroom-hubs-'));
  eventHubs = await runEventHubs(directory);
  sender = makeEventSender({ connectionString: eventHubs.connectionString });
  reader = makeHubReader({ connectionString: eventHubs.connectionString });
  stream = readHub(eventHubs.connectionString, hubs.stream);
}, 120_000);
afterAll(async () => {
  await Promise.all([stream.close(), sender.close(), reader.close()]);
  await eventHubs.component.stop();
  await rm(directory, { recursive: true, force: true });
});

const of = (text: string) => ({ value: Buffer.from(text) });
const textOf = ({ value }: { value: Uint8Array }) => Buffer.from(value).toString();
/** The records that hold a mark of this test, as a trigger shows them. */
const arrived = (count: number, mark: string) =>
  stream.until(count, (record) => textOf(record).includes(mark));

describe('an event that is sent', () => {
  test('is in the hub as it was: bytes, headers, content type and key', async () => {
    const mark = randomUUID();
    const whole = Buffer.from(`before${mark}after`);
    const headers = { ce_id: 'e-1', other: 'words' };
    await sender.send(hubs.stream, {
      value: whole.subarray(6, -5),
      ...{ key: 'ann', headers, contentType: 'image/png' },
    });
    const [record] = await arrived(1, mark);
    expect(record).toMatchObject({ key: 'ann', headers: { ...headers, 'content-type': 'image/png' } });
    expect(textOf(record!)).toBe(mark);
  });

  test('may have no key, no headers and no content type', async () => {
    const mark = randomUUID();
    await sender.send(hubs.stream, of(mark));
    expect((await arrived(1, mark))[0]).toMatchObject({ key: undefined, headers: {} });
  });

  test('of a key keeps its place behind those before it, in one partition', async () => {
    const mark = randomUUID();
    const texts = Array.from({ length: 50 }, (_, index) => `${mark} ${index}`);
    await Promise.all(texts.map((text) => sender.send(hubs.stream, { ...of(text), key: 'ann' })));
    const records = await arrived(50, mark);
    expect(records.map(textOf)).toEqual(texts);
    expect(new Set(records.map(({ partition }) => partition)).size).toBe(1);
  });

  test.each([
    ['of 128 bytes is the partition key', 'k'.repeat(128), 'k'.repeat(128)],
    ['over 128 bytes, which the hub would refuse, is its digest', 'k'.repeat(129), undefined],
    ['is measured in bytes', '\u00e9'.repeat(65), undefined],
  ])('and whose key %s', async (_title, key, expected) => {
    const mark = randomUUID();
    await sender.send(hubs.stream, { ...of(mark), key });
    const [record] = await arrived(1, mark);
    expect(record!.key).toBe(expected ?? createHash('sha256').update(key).digest('hex'));
  });

  test('that is larger than the hub takes is too large, and those around it arrive', async () => {
    const mark = randomUUID();
    const given = [of(`${mark} a`), { value: Buffer.alloc(maxEventBytes) }, of(`${mark} b`)];
    const results = await Promise.allSettled(
      given.map((event) => sender.send(hubs.stream, { ...event, key: mark })),
    );
    expect(results).toMatchObject([
      { status: 'fulfilled' },
      { status: 'rejected', reason: { code: 'too-large' } },
      { status: 'fulfilled' },
    ]);
    expect((await arrived(2, mark)).map(textOf)).toEqual([`${mark} a`, `${mark} b`]);
  });

  test('among more than one batch holds arrives all the same, in order', async () => {
    const mark = randomUUID();
    const texts = Array.from({ length: 5 }, (_, index) => `${mark} ${index} ${'x'.repeat(400_000)}`);
    await Promise.all(texts.map((text) => sender.send(hubs.stream, { ...of(text), key: mark })));
    expect((await arrived(5, mark)).map(textOf)).toEqual(texts);
  });

  test('goes to the hub that is named, by one sender for all', async () => {
    const mark = randomUUID();
    const queue = readHub(eventHubs.connectionString, hubs.processing);
    await Promise.all([
      sender.send(hubs.stream, of(mark)),
      sender.send(hubs.processing, of(`${mark} other`)),
    ]);
    const [record] = await queue.until(1, (one) => textOf(one).includes(mark));
    await queue.close();
    expect([textOf(record!), textOf((await arrived(1, mark))[0]!)]).toEqual([`${mark} other`, mark]);
  });

  test('is sent by a sender that was closed once it is used again', async () => {
    const mark = randomUUID();
    const other = makeEventSender({ connectionString: eventHubs.connectionString });
    await other.send(hubs.stream, of(`${mark} a`));
    await other.close();
    await other.send(hubs.stream, of(`${mark} b`));
    await other.close();
    expect(await arrived(2, mark)).toHaveLength(2);
  });
});

describe('without hubs', () => {
  const nowhere = eventHubsAt(1);
  function eventHubsAt(port: number): string {
    const key = Buffer.from('a key').toString('base64');
    return `Endpoint=sb://127.0.0.1:${port};SharedAccessKeyName=k;SharedAccessKey=${key};UseDevelopmentEmulator=true`;
  }

  test('an event is unavailable, so that it is tried again', async () => {
    const lost = makeEventSender({ connectionString: nowhere });
    await expect(lost.send(hubs.stream, of('x'))).rejects.toMatchObject({
      ...{ code: 'unavailable', retryable: true, cause: expect.any(Error) },
    });
    await lost.close();
  }, 60_000);

  test('and without an address the setting that is missing is named', async () => {
    expect(() => makeHubReader({}).namespace(hubs.stream)).toThrow('DARKROOM_EVENT_HUBS');
    await expect(makeEventSender({}).send(hubs.stream, of('x'))).rejects.toThrow('DARKROOM_EVENT_HUBS');
  });

  test('an identity signs in to the namespace that is named', () => {
    const address = { fullyQualifiedNamespace: 'hubs.servicebus.windows.net' };
    expect(makeHubReader(address).namespace(hubs.stream)).toBe('hubs.servicebus.windows.net');
  });
});

describe('a reader beside the consumer groups', () => {
  /** Three events of one key: their partition and numbers. */
  async function three() {
    const mark = randomUUID();
    for (const text of ['a', 'b', 'c']) {
      await sender.send(hubs.stream, { ...of(`${mark} ${text}`), key: mark });
    }
    const records = await arrived(3, mark);
    return { mark, partition: records[0]!.partition, numbers: records.map((one) => one.sequenceNumber!) };
  }
  const bodyOf = (event: { body: unknown } | undefined) =>
    event && Buffer.from(event.body as Uint8Array).toString();

  test('names the namespace as checkpoints do, and the partitions that there are', async () => {
    expect(reader.namespace(hubs.stream)).toBe('127.0.0.1');
    const { partition, numbers } = await three();
    const found = (await reader.partitions(hubs.stream)).find((one) => one.partitionId === partition);
    expect(found).toMatchObject({ beginningSequenceNumber: 0, lastEnqueuedSequenceNumber: numbers.at(-1) });
  });

  test('finds events by their numbers, and those alone', async () => {
    const { mark, partition, numbers } = await three();
    const [first, , third] = numbers as [number, number, number];
    const found = await reader.events(hubs.stream, partition, [third, first]);
    expect([...found].map(([number, event]) => [number, bodyOf(event)])).toEqual([
      [first, `${mark} a`],
      [third, `${mark} c`],
    ]);
  });

  test('finds none that are not there', async () => {
    const { partition, numbers } = await three();
    expect((await reader.events(hubs.stream, partition, [numbers[2]! + 1, -1])).size).toBe(0);
    expect((await reader.events(hubs.stream, partition, [])).size).toBe(0);
  });

  test('finds the first behind a number, and nothing behind the last', async () => {
    const { mark, partition, numbers } = await three();
    expect(bodyOf(await reader.next(hubs.stream, partition, numbers[0]!))).toBe(`${mark} b`);
    expect(await reader.next(hubs.stream, partition, numbers[2]!)).toBeUndefined();
  }, 30_000);

  test('of a partition that there is not fails, instead of waiting', async () => {
    await expect(reader.next(hubs.stream, '99', 0)).rejects.toThrow();
  }, 30_000);
});
