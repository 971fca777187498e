import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { EventHubProducerClient, type EventData } from '@azure/event-hubs';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runAzurite } from '../../../../support/azurite.ts';
import { runEventHubs, type TestHubs } from '../../../../support/event-hubs.ts';
import { runComponent, type TestComponent } from '../../../../support/component.ts';
import { buildFixture } from './fixture/build.ts';

interface Seen {
  readonly function: string;
  readonly bodies: readonly string[];
  readonly areBuffers: boolean;
  readonly metadata: {
    readonly systemPropertiesArray: readonly Readonly<Record<string, unknown>>[];
    readonly [name: string]: unknown;
  };
  readonly retry?: { readonly retryCount: number; readonly maxRetryCount: number };
  readonly invocationId: string;
  readonly pid: number;
}

let directory: string;
let azurite: TestComponent;
let hubs: TestHubs;
let host: TestComponent;
let runHost: () => Promise<TestComponent>;
const producers = new Map<string, EventHubProducerClient>();

beforeAll(async () => {
  directory = await mkdtemp(`${tmpdir()}/darkroom-host-hubs-`);
  const [bundle, blob, running] = await Promise.all([
    buildFixture(directory),
    runAzurite(directory),
    runEventHubs(directory),
  ]);
  azurite = blob.component;
  hubs = running;
  runHost = () =>
    runComponent(
      'infra/local/functions-host/main.ts',
      ['--bundle', bundle, '--host-json', `${directory}/host.json`, '--port', '0'],
      {
        AzureWebJobsStorage: blob.storage,
        FIXTURE_HUBS: hubs.connectionString,
        FIXTURE_HUB: 'image-processing',
        FIXTURE_TIMER: '0 0 0 1 1 *',
        AzureFunctionsJobHost__extensions__eventHubs__loadBalancingUpdateInterval: '00:00:01',
        AzureFunctionsJobHost__functionTimeout: '00:00:05',
      },
    );
  host = await runHost();
}, 180_000);

afterAll(async () => {
  await Promise.all([...producers.values()].map((producer) => producer.close()));
  await host.stop();
  await Promise.all([azurite.stop(), hubs.component.stop()]);
  await rm(directory, { recursive: true, force: true });
});

async function send(hub: string, events: EventData[], partitionId = '0') {
  const producer = producers.get(hub) ?? new EventHubProducerClient(hubs.connectionString, hub);
  producers.set(hub, producer);
  await producer.sendBatch(events, { partitionId });
}

/** What a fixture function reported, parsed out of the host's log. */
const seenIn = (line: string): Seen | undefined => {
  // The last line of a host that was killed may be half a line.
  const isWhole = line.startsWith('{') && line.endsWith('}');
  const { message } = JSON.parse(isWhole ? line : '{}') as { message?: string };
  return message?.startsWith('seen ') ? (JSON.parse(message.slice('seen '.length)) as Seen) : undefined;
};

const report = async (passes: (seen: Seen) => boolean, from = host): Promise<Seen> => {
  const line = await from.line((text) => {
    const seen = seenIn(text);
    return seen !== undefined && passes(seen);
  });
  return seenIn(line)!;
};

const reports = (passes: (seen: Seen) => boolean, from = host) =>
  from.lines.map(seenIn).filter((seen) => seen !== undefined && passes(seen));

describe('Event Hubs triggers', () => {
  test('hand over a batch as Buffers with one metadata entry per event, as Azure does', async () => {
    await send('image-stream', [
      { body: Buffer.from('first'), properties: { Text: 'plain', count: 3 }, contentType: 'image/png' },
      { body: Buffer.from('second') },
    ]);
    const seen = await report((one) => one.bodies.includes('second'));
    expect(seen.function).toBe('binaryBatch');
    expect(seen.areBuffers).toBe(true);
    expect(seen.bodies).toEqual(['first', 'second']);
    expect(seen.metadata['propertiesArray']).toEqual([{ text: 'plain', count: 3 }, {}]);
    expect(seen.metadata['sequenceNumberArray']).toEqual([0, 1]);
    expect(seen.metadata.systemPropertiesArray).toEqual([
      expect.objectContaining({ sequenceNumber: 0, partitionKey: null, 'content-type': 'image/png' }),
      expect.objectContaining({ sequenceNumber: 1, partitionKey: null }),
    ]);
    expect(seen.metadata['enqueuedTimeUtcArray']).toEqual([
      expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+$/),
      expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+$/),
    ]);
    expect(seen.metadata['partitionKeyArray']).toEqual([]);
    // EventHubTriggerBindingStrategy: both names; offsets as numbers where they are numbers, and always as texts.
    for (const name of ['partitionContext', 'triggerPartitionContext']) {
      expect(seen.metadata[name]).toMatchObject({
        isCheckpointingAfterInvocation: true,
        partitionId: '0',
        eventHubName: 'image-stream',
        consumerGroup: 'stream',
      });
    }
    // The library reads each text of a list as JSON where it can.
    const offsets = seen.metadata['offsetStringArray'] as number[];
    expect(seen.metadata['offsetArray']).toEqual(offsets);
    expect(seen.metadata.systemPropertiesArray.map((one) => [one['offset'], one['offsetString']])).toEqual(
      offsets.map((offset) => [offset, String(offset)]),
    );
  });

  test('hand over the headers and key of a Kafka record as base64', async () => {
    const kafka = new Kafka({
      brokers: [`127.0.0.1:${hubs.kafkaPort}`],
      sasl: { mechanism: 'plain', username: '$ConnectionString', password: hubs.connectionString },
      logLevel: logLevel.NOTHING,
    });
    const producer = kafka.producer();
    await producer.connect();
    const headers = { 'content-type': 'image/jpeg' };
    await producer.send({
      topic: 'image-stream',
      messages: [{ key: 'user-1', value: 'from kafka', headers }],
    });
    await producer.disconnect();
    const seen = await report((one) => one.bodies.includes('from kafka'));
    const base64 = (text: string) => Buffer.from(text).toString('base64');
    expect(seen.metadata['propertiesArray']).toEqual([{ 'content-type': base64('image/jpeg') }]);
    expect(seen.metadata.systemPropertiesArray[0]?.['x-opt-kafka-key']).toBe(base64('user-1'));
  });

  test('parse JSON text where the data type is not binary, send what is returned, and split for cardinality one', async () => {
    await send('image-processing', [{ body: { id: 'a' } }, { body: { id: 'b' } }]);
    await report((one) => one.function === 'retried' && one.bodies.includes('{"id":"b"}'));
    const first = await report(
      (one) => one.function === 'single' && one.bodies[0] === '{"copied":{"id":"a"}}',
    );
    expect(first.bodies).toHaveLength(1);
    expect(first.metadata).toMatchObject({ sequenceNumber: expect.any(Number), properties: {} });
    await report((one) => one.function === 'single' && one.bodies[0] === '{"copied":{"id":"b"}}');
  });

  test('repeat a failed batch as the retry policy says, then move on past it', async () => {
    await send('image-processing', [{ body: Buffer.from('poison') }], '1');
    await report((one) => one.bodies.includes('"poison"') && one.retry?.retryCount === 2);
    await send('image-processing', [{ body: Buffer.from('after the poison') }], '1');
    await report((one) => one.function === 'retried' && one.bodies.includes('"after the poison"'));
    const attempts = reports((one) => one.bodies.includes('"poison"'));
    expect(new Set(attempts.map((one) => one?.invocationId)).size).toBe(1);
    expect(attempts.map((one) => one?.retry)).toEqual([
      expect.objectContaining({ retryCount: 0, maxRetryCount: 2 }),
      expect.objectContaining({ retryCount: 1, maxRetryCount: 2 }),
      expect.objectContaining({ retryCount: 2, maxRetryCount: 2 }),
    ]);
  });

  // RpcFunctionInvocationDispatcher: the invocation fails, which the retry policy then tries again, in another worker.
  test('restart a worker that crashed, and give it the batch again', async () => {
    await send('image-processing', [{ body: Buffer.from('crash') }], '2');
    const isSecond = (one: Seen) => one.bodies.includes('"crash"') && one.retry?.retryCount === 1;
    const second = await report(isSecond);
    const [first] = reports((one) => one.bodies.includes('"crash"'));
    expect(second.pid).not.toBe(first!.pid);
    expect(second.invocationId).toBe(first!.invocationId);
    expect(host.child.exitCode).toBeNull();
  });

  test('come to an end with a record that always overruns: a dead letter, and what is behind it goes on', async () => {
    const events = ['before', 'block', 'after'].map((text) => ({ body: Buffer.from(text) }));
    await send('image-processing-slow', events, '1');
    await host.line((line) => line === 'dead letter: block processing-timeout');
    await send('image-processing-slow', [{ body: Buffer.from('behind') }], '1');
    await report((one) => one.function === 'ending' && one.bodies.includes('behind'));
    const overruns = host.lines.filter(
      (line) =>
        line.includes('"level":"critical","category":"Function.ending"') && line.includes('Timeout value'),
    );
    expect(overruns).toHaveLength(3);
    expect(host.lines.filter((line) => line.startsWith('dead letter:'))).toHaveLength(1);
  });

  test('go on from the checkpoint after a stop, with what came meanwhile and nothing twice', async () => {
    await send('image-stream', [{ body: Buffer.from('before the stop') }]);
    await report((one) => one.bodies.includes('before the stop'));
    expect(await host.stop()).toBe(0);
    await send('image-stream', [{ body: Buffer.from('while it was down') }]);
    host = await runHost();
    await report((one) => one.bodies.includes('while it was down'));
    expect(reports((one) => one.bodies.includes('before the stop'))).toEqual([]);
  });

  test('leave the checkpoint where it was when a stop comes between the tries of a batch', async () => {
    await send('image-reprocessing', [{ body: Buffer.from('postponed') }]);
    const isPostponed = (one: Seen) => one.bodies.includes('"postponed"');
    await report(isPostponed);
    expect(await host.stop()).toBe(0);
    host = await runHost();
    expect((await report(isPostponed)).retry).toMatchObject({ retryCount: 0, maxRetryCount: -1 });
  });

  test('redeliver what a killed host had not finished', async () => {
    await send('image-stream', [{ body: Buffer.from('unfinished') }], '2');
    await report((one) => one.bodies.includes('unfinished'));
    await host.stop('SIGKILL');
    await send('image-stream', [{ body: Buffer.from('after the kill') }], '2');
    host = await runHost();
    await report((one) => one.bodies.includes('after the kill'));
  });

  test('receive again after Event Hubs was killed and came back', async () => {
    await send('image-stream', [{ body: Buffer.from('before the outage') }], '3');
    await report((one) => one.bodies.includes('before the outage'));
    await Promise.all([...producers.values()].map((producer) => producer.close()));
    producers.clear();
    await hubs.component.stop('SIGKILL');
    hubs = await runEventHubs(directory, hubs);
    await send('image-stream', [{ body: Buffer.from('after the outage') }], '3');
    await report((one) => one.bodies.includes('after the outage'));
  }, 60_000);
});
