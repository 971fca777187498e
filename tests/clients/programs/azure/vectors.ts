import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import {
  earliestEventPosition,
  EventHubBufferedProducerClient,
  latestEventPosition,
  type EventPosition,
} from '@azure/event-hubs';
import { check, mustFail, settings, tellVersion } from '../check.ts';
import {
  type AmqpMessage,
  consumer,
  consumerOf,
  end,
  next,
  partitionId,
  producer,
  read,
  send,
  sendAsBatch,
} from './hub.ts';

/* What Microsoft's JavaScript tests expect of the service (sdk/eventhub/event-hubs/test of azure-sdk-for-js). */

/** One event before the subscription, five after it has begun. */
async function startsAt(position: (at: Awaited<ReturnType<typeof end>>) => EventPosition, hasFirst: boolean) {
  const before = randomUUID();
  const after = Array.from({ length: 5 }, () => ({
    body: randomUUID(),
    properties: { stamp: Math.random() },
  }));
  await send([{ body: before }]);
  const got: { body: unknown; properties: unknown }[] = [];
  await read(position(await end()), async (events, round) => {
    if (round === 0) {
      assert.deepEqual(
        events.map(({ body }) => body as unknown),
        hasFirst ? [before] : [],
      );
      await send(after);
      return false;
    }
    got.push(...events.map(({ body, properties }) => ({ body: body as unknown, properties })));
    return got.length >= after.length;
  });
  assert.deepEqual(got, after);
}

const annotated = (): AmqpMessage => ({
  body: randomUUID(),
  bodyType: 'data',
  applicationProperties: { one: 1, two: 'two', three: true, four: new Date().toISOString() },
  footer: { foot: 'foot' },
  messageAnnotations: { note: 'annotation' },
  properties: {
    contentEncoding: 'application/json; charset=utf-8',
    correlationId: randomUUID(),
    messageId: randomUUID(),
  },
});

/** An event comes back as it was sent, alone and in a batch, and once more when what came is sent again. */
async function comesBack(message: AmqpMessage): Promise<void> {
  for (const sendOne of [(event: AmqpMessage) => send([event]), sendAsBatch]) {
    const [event] = await next(1, () => sendOne(message));
    const raw = event!.getRawAmqpMessage();
    assert.equal(raw.bodyType, message.bodyType);
    assert.deepEqual(event!.body, message.body);
    const [again] = await next(1, () => sendOne(event as never));
    assert.equal(again!.getRawAmqpMessage().bodyType, message.bodyType);
    assert.deepEqual(again!.body, message.body);
    for (const name of ['applicationProperties', 'footer', 'properties', 'messageAnnotations'] as const) {
      for (const [key, value] of Object.entries(message[name] ?? {}))
        assert.deepEqual((raw[name] as Record<string, unknown>)[key], value, `${name}.${key}`);
    }
  }
}

const bodies = {
  value: [[1, 2, 3], 1, 1.5, 'hello', { hello: 'world' }],
  sequence: [
    [[1], [2], [3]],
    [1, 2, 3],
  ],
  data: [
    1,
    1.5,
    'hello',
    true,
    { hello: 'world', list: [{ id: '1' }, 'x'] },
    [1, 2, 3],
    Buffer.alloc(220 * 1024, 'A'),
  ],
} as const;

tellVersion('@azure/event-hubs');

await check('start positions', async () => {
  await startsAt(() => latestEventPosition, false);
  for (const isInclusive of [false, true]) {
    await startsAt((at) => ({ sequenceNumber: at.lastEnqueuedSequenceNumber, isInclusive }), isInclusive);
    await startsAt((at) => ({ offset: at.lastEnqueuedOffset, isInclusive }), isInclusive);
  }
  await startsAt((at) => ({ enqueuedOn: at.lastEnqueuedOnUtc }), false);
});

await check('messages', async () => {
  for (const bodyType of ['value', 'sequence', 'data'] as const)
    for (const body of bodies[bodyType]) await comesBack({ body, bodyType });
  await comesBack(annotated());
  const at = new Date(1_700_000_000_000);
  const properties = { at, child: { at, deep: { list: [at, 'text'] } } };
  const [event] = await next(1, () => send([{ body: 'dates', properties }]));
  // This client hands times over as numbers; what others see is in the contract tests.
  const ms = at.getTime();
  assert.deepEqual(event!.properties, { at: ms, child: { at: ms, deep: { list: [ms, 'text'] } } });
});

await check('information', async () => {
  const hub = await producer.getEventHubProperties();
  assert.deepEqual([hub.name, hub.partitionIds], [settings.hub, ['0', '1', '2', '3']]);
  assert.ok(hub.createdOn instanceof Date);
  await send([{ body: 'x' }]);
  const last = await end();
  assert.ok(last.lastEnqueuedOnUtc instanceof Date);
  await read(
    earliestEventPosition,
    (_events, _round, context) => {
      const told = (context as { lastEnqueuedEventProperties?: Record<string, unknown> })
        .lastEnqueuedEventProperties;
      const { offset, sequenceNumber, enqueuedOn } = told ?? {};
      const expected = [last.lastEnqueuedOffset, last.lastEnqueuedSequenceNumber, last.lastEnqueuedOnUtc];
      assert.deepEqual([offset, sequenceNumber, enqueuedOn], expected);
      return true;
    },
    { maxBatchSize: 1, trackLastEnqueuedEventProperties: true },
  );
});

await check('refusals', async () => {
  const boo = consumerOf('boo');
  const nowhere = { of: boo, partition: '0' };
  await mustFail(() => read(earliestEventPosition, () => false, {}, nowhere), /MessagingEntityNotFound/);
  await boo.close();
  for (const id of ['boo', '-1', '1000']) {
    const range = /should be between 0 and 3.*ArgumentOutOfRange/s;
    await mustFail(() => consumer.getPartitionProperties(id), range);
    await mustFail(
      () => read(earliestEventPosition, () => false, {}, { of: consumer, partition: id }),
      range,
    );
    await mustFail(() => producer.sendBatch([{ body: 'x' }], { partitionId: id }), range);
  }
  await mustFail(
    () => send([{ body: Buffer.alloc(3_000_000) }]),
    /\(delivery-id:\d+, size:\d+ bytes\) exceeds the limit \(1048576 bytes\).*MessageTooLarge/s,
  );
  await mustFail(
    () => producer.createBatch({ maxSizeInBytes: 2_046_528 }),
    /\(2046528 bytes\) is greater than maximum message size \(1048576 bytes\)/,
  );
});

await check('partition keys', async () => {
  const keys = Array.from({ length: 50 }, (_, index) => String(index % 10));
  const run = randomUUID();
  await Promise.all(keys.map((partitionKey) => producer.sendBatch([{ body: run }], { partitionKey })));
  const places = new Set<string>();
  let count = 0;
  for (const partition of ['0', '1', '2', '3']) {
    await read(
      earliestEventPosition,
      (events) => {
        for (const { body, partitionKey } of events) {
          if (body !== run) continue;
          places.add(`${partitionKey} in ${partition}`);
          count++;
        }
        return events.length === 0;
      },
      {},
      { of: consumer, partition },
    );
  }
  assert.deepEqual([count, places.size], [50, 10]);
});

await check('idempotent publishing', async () => {
  const run = randomUUID();
  const sent = Array.from({ length: 40 }, (_, index) => `${run} ${index}`);
  const buffered = new EventHubBufferedProducerClient(settings.connectionString, settings.hub, {
    enableIdempotentRetries: true,
    maxWaitTimeInMs: 50,
    onSendEventsErrorHandler({ error }) {
      throw error;
    },
  });
  const got = await next(sent.length, async () => {
    for (const body of sent) await buffered.enqueueEvent({ body }, { partitionId });
    await buffered.close({ flush: true });
  });
  assert.deepEqual(
    got.map(({ body }) => body as unknown),
    sent,
  );
});

await check('disconnects', async () => {
  const contextOf = (client: unknown) =>
    (client as { _context: { connectionId: string; connection: { _connection: { idle(): void } } } })
      ._context;
  for (const client of [producer, consumer]) {
    await client.getPartitionIds();
    const before = contextOf(client).connectionId;
    contextOf(client).connection._connection.idle();
    assert.equal((await client.getPartitionIds()).length, 4);
    assert.notEqual(contextOf(client).connectionId, before);
  }
  contextOf(producer).connection._connection.idle();
  await send([{ body: 'after' }]);
  const bodiesRead: unknown[] = [];
  const { lastEnqueuedSequenceNumber: sequenceNumber } = await end();
  await send([{ body: 'first' }]);
  await read({ sequenceNumber }, async (events, round) => {
    bodiesRead.push(...events.map(({ body }) => body as unknown));
    if (round === 0) contextOf(consumer).connection._connection.idle();
    if (round === 1) await send([{ body: 'second' }]);
    return bodiesRead.includes('second');
  });
  assert.deepEqual(bodiesRead, ['first', 'second']);
});

await producer.close();
await consumer.close();
