import { spawn } from 'node:child_process';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import kafkajs from 'kafkajs';
import { hubs } from '../../../../../shared/stream/hubs.ts';
import { eventually } from '../../../../support/eventually.ts';
import { describeWith, librdkafka, signIn, startTemporary } from './support.ts';

/**
 * As docs/kafka.md tells of a failover: the alias is where clients begin, what the answers then name is the namespace behind it,
 * and nothing of the lost one, positions included, is in the other.
 */
type Namespace = Awaited<ReturnType<typeof startTemporary>>;
let namespaces: { lost: Namespace; other: Namespace };
let behind: Namespace;
let alias: Server;
const aliasPort = () => (alias.address() as AddressInfo).port;

beforeAll(async () => {
  namespaces = { lost: await startTemporary(), other: await startTemporary() };
  behind = namespaces.lost;
  alias = createServer((client) => {
    const upstream = connect({ host: '127.0.0.1', port: behind.kafkaPort });
    for (const socket of [client, upstream]) socket.on('error', () => socket.destroy());
    client.pipe(upstream).pipe(client);
  });
  await new Promise<void>((resolve) => void alias.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  alias.close();
  await Promise.all(Object.values(namespaces).map((one) => one.stop()));
});

const values = (from: string): string[] => Array.from({ length: 20 }, (_, index) => `${from}-${index}`);

function client(): kafkajs.Kafka {
  const { broker, username, password } = signIn(aliasPort());
  return new kafkajs.Kafka({
    brokers: [broker],
    sasl: { mechanism: 'plain', username, password },
    ssl: false,
    logLevel: kafkajs.logLevel.NOTHING,
    retry: { retries: 5, initialRetryTime: 20, maxRetryTime: 100 },
  });
}

async function produce(kafka: kafkajs.Kafka, from: string): Promise<void> {
  const producer = kafka.producer();
  await producer.connect();
  await producer.send({
    topic: hubs.stream,
    messages: values(from).map((value) => ({ value, partition: 0 })),
  });
  await producer.disconnect();
}

/** What a member of the group finds from where the group is; the offsets it read are committed. */
async function consume(kafka: kafkajs.Kafka, groupId: string, count: number): Promise<string[]> {
  const consumer = kafka.consumer({ groupId, sessionTimeout: 6000 });
  const found: string[] = [];
  await consumer.connect();
  await consumer.subscribe({ topic: hubs.stream, fromBeginning: true });
  await consumer.run({
    eachMessage: ({ message }) => Promise.resolve(void found.push(String(message.value))),
  });
  await eventually(() => (found.length >= count ? true : undefined));
  await consumer.disconnect();
  return found;
}

test('clients begin at the alias and work with the namespace that its answers name', async () => {
  const kafka = client();
  const admin = kafka.admin();
  await admin.connect();
  const { brokers } = await admin.describeCluster();
  await admin.disconnect();
  expect(brokers).toMatchObject([{ port: namespaces.lost.kafkaPort }]);
  await produce(kafka, 'before');
  expect(await consume(kafka, 'readers', 20)).toEqual(values('before'));
});

test('after a failover, clients that begin again at the alias find an empty hub, and groups their first offset', async () => {
  const running = client().producer();
  await running.connect();
  await running.send({ topic: hubs.stream, messages: [{ value: 'seen', partition: 1 }] });

  await namespaces.lost.stop();
  behind = namespaces.other;
  // kafkajs asks the alias again when the broker it has learnt is gone. Others have to be started again.
  await running.send({ topic: hubs.stream, messages: [{ value: 'goes on', partition: 1 }] });
  await running.disconnect();

  const again = client();
  const admin = again.admin();
  await admin.connect();
  const offsets = await admin.fetchTopicOffsets(hubs.stream);
  expect(offsets.map(({ partition, high }) => [partition, high]).sort()).toEqual(
    [0, 1, 2, 3].map((partition) => [partition, partition === 1 ? '1' : '0']),
  );
  await admin.disconnect();
  await produce(again, 'after');
  expect((await consume(again, 'readers', 21)).sort()).toEqual([...values('after'), 'goes on'].sort());
});

describeWith('kcat', 'librdkafka', () => {
  test('an offset of the lost namespace, higher than the last of the other, begins where the client says', async () => {
    const settings = Object.entries({ ...librdkafka(aliasPort()), 'auto.offset.reset': 'earliest' });
    const child = spawn(
      'kcat',
      [
        ...settings.flatMap(([name, value]) => ['-X', `${name}=${value}`]),
        ...['-C', '-t', hubs.stream, '-p', '0', '-o', '5000', '-c', '20', '-q', '-f', '%s\n'],
      ],
      { stdio: ['ignore', 'pipe', 'inherit'], timeout: 60_000 },
    );
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => (out += String(chunk)));
    await new Promise((resolve) => child.once('close', resolve));
    expect(out.trim().split('\n')).toEqual(values('after'));
  });
});
