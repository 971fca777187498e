import {
  EventHubBufferedProducerClient,
  EventHubConsumerClient,
  EventHubProducerClient,
  earliestEventPosition,
  latestEventPosition,
  type ReceivedEventData,
} from '@azure/event-hubs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hubs } from '../../../../../shared/stream/hubs.ts';
import { key, receive, startTemporary } from './support.ts';

let eventHubs: Awaited<ReturnType<typeof startTemporary>>;
beforeAll(async () => {
  eventHubs = await startTemporary();
});
afterAll(() => eventHubs.stop());

const once = { retryOptions: { maxRetries: 0 } };

async function withProducer<T>(
  hub: string,
  work: (producer: EventHubProducerClient) => Promise<T>,
): Promise<T> {
  const producer = new EventHubProducerClient(eventHubs.connectionString, hub, once);
  try {
    return await work(producer);
  } finally {
    await producer.close();
  }
}

/** Receives from one partition until `stop` is called; events and errors come as promises. */
function listen(
  partition: string,
  options: { ownerLevel?: number; startPosition?: object; group?: string; hub?: string } = {},
) {
  const { group = '$Default', hub = hubs.reprocessing } = options;
  const client = new EventHubConsumerClient(group, eventHubs.connectionString, hub, once);
  const events: ReceivedEventData[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  let failed: (error: Error & { code?: string }) => void;
  const error = new Promise<Error & { code?: string }>((resolve) => (failed = resolve));
  client.subscribe(
    partition,
    {
      processEvents: (some) => {
        events.push(...some);
        for (const { count, resolve } of waiting) if (events.length >= count) resolve();
        return Promise.resolve();
      },
      processError: (cause) => {
        failed(cause);
        return Promise.resolve();
      },
    },
    {
      startPosition: earliestEventPosition,
      maxWaitTimeInSeconds: 1,
      skipParsingBodyAsJson: true,
      ...options,
    },
  );
  return {
    error,
    async events(count: number) {
      if (events.length < count) await new Promise<void>((resolve) => waiting.push({ count, resolve }));
      return events;
    },
    stop: () => client.close(),
  };
}

describe('a hub over AMQP', () => {
  test('says its name and its partitions', async () => {
    await withProducer(hubs.stream, async (producer) => {
      expect(await producer.getEventHubProperties()).toMatchObject({
        name: hubs.stream,
        partitionIds: ['0', '1', '2', '3'],
      });
    });
  });

  test('gives an event back with all that was sent with it', async () => {
    await withProducer(hubs.stream, (producer) =>
      producer.sendBatch(
        [
          {
            body: Buffer.from([0, 255, 1]),
            contentType: 'image/png',
            messageId: 'm-1',
            properties: { text: 'é', count: 7, yes: true },
          },
        ],
        { partitionKey: 'zoe' },
      ),
    );
    const [event] = await receive(eventHubs.connectionString, hubs.stream, 1);
    expect(event).toMatchObject({
      body: Buffer.from([0, 255, 1]),
      contentType: 'image/png',
      messageId: 'm-1',
      properties: { text: 'é', count: 7, yes: true },
      partitionKey: 'zoe',
      sequenceNumber: 0,
    });
    expect(event!.enqueuedTimeUtc.getTime()).toBeGreaterThan(Date.now() - 60_000);
  });

  test('keeps the order of a partition, and says where it ends without consuming', async () => {
    const bodies = Array.from({ length: 500 }, (_, index) => `event ${index}`);
    await withProducer(hubs.processing, async (producer) => {
      for (let at = 0; at < 500; at += 50) {
        await producer.sendBatch(
          bodies.slice(at, at + 50).map((body) => ({ body: Buffer.from(body) })),
          { partitionId: '2' },
        );
      }
      const events = await receive(eventHubs.connectionString, hubs.processing, 500);
      expect(events.map(({ body }) => String(body))).toEqual(bodies);
      expect(events.map(({ sequenceNumber }) => sequenceNumber)).toEqual(bodies.map((_, index) => index));
      expect(await producer.getPartitionProperties('2')).toMatchObject({
        beginningSequenceNumber: 0,
        lastEnqueuedSequenceNumber: 499,
        lastEnqueuedOffset: events.at(-1)!.offset,
        lastEnqueuedOnUtc: events.at(-1)!.enqueuedTimeUtc,
        isEmpty: false,
      });
      expect(await producer.getPartitionProperties('3')).toMatchObject({
        lastEnqueuedSequenceNumber: -1,
        isEmpty: true,
      });
    });
  });

  test('begins after an offset, a sequence number or a time, or at one', async () => {
    await withProducer(hubs.reprocessing, async (producer) => {
      for (const body of ['a', 'b', 'c']) {
        await producer.sendBatch([{ body: Buffer.from(body) }], { partitionId: '0' });
        // Each has a time of its own, with room for "one millisecond before".
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    });
    const all = listen('0');
    const [, second] = await all.events(3);
    await all.stop();
    const { offset, sequenceNumber, enqueuedTimeUtc } = second!;
    const cases = [
      [{ offset }, ['c']],
      [{ offset, isInclusive: true }, ['b', 'c']],
      [{ sequenceNumber }, ['c']],
      [{ sequenceNumber, isInclusive: true }, ['b', 'c']],
      [{ enqueuedOn: new Date(enqueuedTimeUtc.getTime() - 1) }, ['b', 'c']],
    ] as const;
    for (const [startPosition, expected] of cases) {
      const listener = listen('0', { startPosition });
      const bodies = (await listener.events(expected.length)).map(({ body }) => String(body));
      await listener.stop();
      expect(bodies.slice(-expected.length)).toEqual(expected);
      if (!('enqueuedOn' in startPosition)) expect(bodies).toEqual(expected);
    }
    const beyond = listen('0', { startPosition: { offset: '999999999' } });
    expect(await beyond.error).toMatchObject({ code: 'ArgumentError' });
    await beyond.stop();
  });

  test('@latest gives only what comes afterwards', async () => {
    await withProducer(hubs.reprocessing, async (producer) => {
      await producer.sendBatch([{ body: Buffer.from('before') }], { partitionId: '1' });
      const listener = listen('1', { startPosition: latestEventPosition });
      const probe = setInterval(() => {
        void producer.sendBatch([{ body: Buffer.from('after') }], { partitionId: '1' });
      }, 50);
      const [first] = await listener.events(1);
      clearInterval(probe);
      await listener.stop();
      expect(String(first!.body)).toBe('after');
    });
  });

  test('puts a key always on the partition that the buffered producer chooses for it', async () => {
    const keys = Array.from({ length: 40 }, (_, index) => `member-${index}-${'x'.repeat(index)}`);
    const buffered = new EventHubBufferedProducerClient(eventHubs.connectionString, hubs.slow, {
      onSendEventsErrorHandler: ({ error }) => {
        throw error;
      },
    });
    for (const partitionKey of keys) {
      await buffered.enqueueEvent({ body: Buffer.from(partitionKey) }, { partitionKey });
    }
    await buffered.close({ flush: true });
    await withProducer(hubs.slow, async (producer) => {
      for (const partitionKey of keys) {
        await producer.sendBatch([{ body: Buffer.from(partitionKey) }], { partitionKey });
      }
    });
    const events = await receive(eventHubs.connectionString, hubs.slow, 2 * keys.length);
    const placesOf = (partitionKey: string) =>
      new Set(
        events.filter(({ body }) => String(body) === partitionKey).map(({ partitionId }) => partitionId),
      );
    for (const partitionKey of keys) expect(placesOf(partitionKey).size).toBe(1);
    expect(new Set(events.map(({ partitionId }) => partitionId)).size).toBe(4);
  });

  test('takes an event of a million bytes and refuses one over 1 MiB', async () => {
    await withProducer(hubs.reprocessing, async (producer) => {
      const batch = await producer.createBatch({ partitionId: '3' });
      expect(batch.maxSizeInBytes).toBe(1_048_576);
      expect(batch.tryAdd({ body: Buffer.alloc(1_000_000, 7) })).toBe(true);
      await producer.sendBatch(batch);
      const listener = listen('3');
      const [event] = await listener.events(1);
      await listener.stop();
      expect(Buffer.compare(event!.body as Buffer, Buffer.alloc(1_000_000, 7))).toBe(0);
      await expect(producer.sendBatch([{ body: Buffer.alloc(1_048_577) }])).rejects.toMatchObject({
        code: 'MessageTooLargeError',
      });
    });
  });

  test('does not know other hubs, groups and partitions', async () => {
    await withProducer('no-such-hub', async (producer) => {
      await expect(producer.sendBatch([{ body: 'x' }])).rejects.toMatchObject({
        code: 'MessagingEntityNotFoundError',
      });
    });
    await withProducer(hubs.stream, async (producer) => {
      await expect(producer.sendBatch([{ body: 'x' }], { partitionId: '9' })).rejects.toMatchObject({
        code: 'ArgumentOutOfRangeError',
      });
    });
    const listener = listen('0', { group: 'strangers' });
    expect(await listener.error).toMatchObject({ code: 'MessagingEntityNotFoundError' });
    await listener.stop();
  });

  test('does not let in who has another key', async () => {
    const wrong = eventHubs.connectionString.replace(key, Buffer.from('another').toString('base64'));
    const producer = new EventHubProducerClient(wrong, hubs.stream, once);
    await expect(producer.sendBatch([{ body: 'x' }])).rejects.toMatchObject({ code: 'UnauthorizedError' });
    await producer.close();
  });
});

describe('an epoch', () => {
  const partition = '0';

  test('takes the partition from a lower one and from none, and is kept from a higher one', async () => {
    const shared = listen(partition);
    await shared.events(1);
    const first = listen(partition, { ownerLevel: 1 });
    await first.events(1);
    expect(await shared.error).toMatchObject({ code: 'ReceiverDisconnectedError' });
    const second = listen(partition, { ownerLevel: 2 });
    await second.events(1);
    expect(await first.error).toMatchObject({ code: 'ReceiverDisconnectedError' });
    for (const late of [listen(partition, { ownerLevel: 1 }), listen(partition)]) {
      expect(await late.error).toMatchObject({ code: 'ReceiverDisconnectedError' });
      await late.stop();
    }
    for (const listener of [shared, first, second]) await listener.stop();
  });

  test('is of one consumer group only', async () => {
    const one = listen(partition, { ownerLevel: 5 });
    const other = listen(partition, { group: 'processing', ownerLevel: 1 });
    await Promise.all([one.events(1), other.events(1)]);
    await one.stop();
    await other.stop();
  });

  test('gives the partition back when its receiver leaves', async () => {
    const high = listen(partition, { ownerLevel: 9 });
    await high.events(1);
    await high.stop();
    const low = listen(partition, { ownerLevel: 1 });
    await low.events(1);
    await low.stop();
  });
});
