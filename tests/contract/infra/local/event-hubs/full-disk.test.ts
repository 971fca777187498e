import { execFileSync } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { EventHubProducerClient } from '@azure/event-hubs';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import kafkajs from 'kafkajs';
import { connectionStringOf, readOrMakeKey } from '../../../../../infra/local/event-hubs/access-key.ts';
import { hubs } from '../../../../../shared/stream/hubs.ts';
import { eventually } from '../../../../support/eventually.ts';
import { suiteUnless } from '../../../../support/skip-unless.ts';
import { end, receive, signIn, spawnBroker, temporaryDirectory } from './support.ts';

/* A disk of its own for the broker, in a namespace that goes with its process: no rights of root are needed for it. */

const namespace = ['unshare', '--user', '--map-root-user', '--mount'];
const diskBytes = 2 * 1_048_576;

function missingNamespaces(): string | undefined {
  try {
    execFileSync(namespace[0]!, [...namespace.slice(1), 'mount', '-t', 'tmpfs', 'none', '/mnt']);
    return undefined;
  } catch {
    return 'needs Linux that lets users make mount namespaces (unshare)';
  }
}

const recordBytes = 8_192;
const body = (name: string): string => name.padEnd(recordBytes, '.');

suiteUnless(missingNamespaces())('on a full disk', () => {
  let dataDir: string;
  let broker: Awaited<ReturnType<typeof spawnBroker>>;
  let connectionString: string;
  let kafka: kafkajs.Kafka;
  let azure: EventHubProducerClient;
  /** As seen from here: the broker's disk is in its namespace only. */
  const filler = () => `/proc/${broker.child.pid}/root${dataDir}/filler`;

  const fill = () =>
    expect(writeFile(filler(), Buffer.alloc(diskBytes))).rejects.toMatchObject({ code: 'ENOSPC' });

  const opened: (() => Promise<void>)[] = [];
  async function openProducer(retries: number): Promise<kafkajs.Producer> {
    const producer = kafka.producer({ idempotent: retries > 0, retry: { retries, initialRetryTime: 20 } });
    await producer.connect();
    opened.push(() => producer.disconnect());
    return producer;
  }
  const produce = (producer: kafkajs.Producer, name: string) =>
    producer.send({ topic: hubs.stream, acks: -1, messages: [{ value: body(name), partition: 0 }] });

  beforeAll(async () => {
    dataDir = await temporaryDirectory();
    const mounted = `mount -t tmpfs -o size=${diskBytes} none "$0" && exec "$@"`;
    broker = await spawnBroker(dataDir, undefined, undefined, [...namespace, 'sh', '-c', mounted, dataDir]);
    const key = await readOrMakeKey(`/proc/${broker.child.pid}/root${dataDir}/access-key`);
    connectionString = connectionStringOf('127.0.0.1', broker.amqpPort, key);
    const { broker: address, username, password } = signIn(broker.kafkaPort, key);
    kafka = new kafkajs.Kafka({
      brokers: [address],
      sasl: { mechanism: 'plain', username, password },
      logLevel: kafkajs.logLevel.NOTHING,
    });
    azure = new EventHubProducerClient(connectionString, hubs.processing, {
      retryOptions: { maxRetries: 0 },
    });
  }, 30_000);
  afterEach(() => rm(filler(), { force: true }));
  afterAll(async () => {
    await Promise.all(opened.map((close) => close()));
    await azure.close();
    await end(broker.child, 'SIGTERM');
    await rm(dataDir, { recursive: true, force: true });
  });

  test('Kafka producers get KAFKA_STORAGE_ERROR, and one that tries again gets through when there is room', async () => {
    const once = await openProducer(0);
    await produce(once, 'before');
    await fill();
    await expect(produce(once, 'refused')).rejects.toMatchObject({
      cause: { type: 'KAFKA_STORAGE_ERROR', retriable: true },
    });
    const waiting = produce(await openProducer(1000), 'patient');
    await rm(filler());
    await waiting;
    await produce(once, 'after');
    const bodies = (await receive(connectionString, hubs.stream, 3)).map((event) => String(event.body));
    expect(bodies.map((text) => text.replace(/\.+$/, ''))).toEqual(['before', 'patient', 'after']);
  });

  test('AMQP senders get QuotaExceededError, and the same link goes on when there is room', async () => {
    const send = (name: string) => azure.sendBatch([{ body: Buffer.from(body(name)) }], { partitionId: '0' });
    await send('before');
    await fill();
    await expect(send('refused')).rejects.toMatchObject({ code: 'QuotaExceededError' });
    await rm(filler());
    await send('after');
    const bodies = (await receive(connectionString, hubs.processing, 2)).map((event) => String(event.body));
    expect(bodies.map((text) => text.replace(/\.+$/, ''))).toEqual(['before', 'after']);
  });

  test('a commit that cannot be kept is not taken for kept, and is tried again', async () => {
    const groupId = 'readers';
    const consumer = kafka.consumer({ groupId, retry: { retries: 0 } });
    opened.push(() => consumer.disconnect());
    await consumer.connect();
    await consumer.subscribe({ topic: hubs.stream, fromBeginning: true });
    let joined = false;
    consumer.on('consumer.group_join', () => (joined = true));
    await consumer.run({ autoCommit: false, eachMessage: () => Promise.resolve() });
    await eventually(() => joined || undefined);
    const admin = kafka.admin();
    opened.push(() => admin.disconnect());
    await admin.connect();
    const committed = async () =>
      (await admin.fetchOffsets({ groupId, topics: [hubs.stream] }))[0]!.partitions[0]!.offset;
    const commit = (offset: string) => consumer.commitOffsets([{ topic: hubs.stream, partition: 0, offset }]);
    await commit('1');
    await fill();
    await expect(commit('2')).rejects.toMatchObject({
      cause: { type: 'NOT_COORDINATOR_FOR_GROUP', retriable: true },
    });
    expect(await committed()).toBe('1');
    await rm(filler());
    await commit('2');
    expect(await committed()).toBe('2');
  });
});
