import { rm } from 'node:fs/promises';
import { EventHubProducerClient } from '@azure/event-hubs';
import { expect, test } from '@jest/globals';
import kafkajs from 'kafkajs';
import { connectionStringOf, readOrMakeKey } from '../../../../../infra/local/event-hubs/access-key.ts';
import { PartitionLog } from '../../../../../infra/local/event-hubs/log/partition-log.ts';
import { decodeRecordTail } from '../../../../../infra/local/event-hubs/kafka/record.ts';
import { systemClock } from '../../../../../shared/platform/clock.ts';
import { hubs } from '../../../../../shared/stream/hubs.ts';
import { end, signIn, spawnBroker, temporaryDirectory } from './support.ts';
import { batch, Client, produceBody, produced, produceKey } from './wire-client.ts';

const kills = 6;
const payload = 'x'.repeat(20_000);

/** Every Kafka value and AMQP body in one partition, read from its log after the broker has ended. */
async function stored(dataDir: string, hub: string, partition: number): Promise<string[]> {
  const log = await PartitionLog.open(`${dataDir}/hubs/${hub}/${partition}`, {
    clock: systemClock,
    retention: Number.MAX_SAFE_INTEGER,
  });
  const found: string[] = [];
  for (let next = 0; ;) {
    const records = await log.read(next, 1_000_000);
    if (records.length === 0) break;
    expect(records[0]!.sequence).toBe(next);
    next = records.at(-1)!.sequence + 1;
    for (const { format, payload: bytes } of records) {
      found.push(
        format === 'kafka' ? decodeRecordTail(bytes).value!.toString().split(' ')[0]! : bytes.toString(),
      );
    }
  }
  await log.close();
  return found;
}

test('loses nothing that it acknowledged and doubles nothing of an idempotent producer, killed again and again', async () => {
  const dataDir = await temporaryDirectory();
  let broker = await spawnBroker(dataDir);
  const { amqpPort, kafkaPort } = broker;
  const key = await readOrMakeKey(`${dataDir}/access-key`);
  const { broker: address, username, password } = signIn(kafkaPort, key);
  const kafka = new kafkajs.Kafka({
    brokers: [address],
    sasl: { mechanism: 'plain', username, password },
    ssl: false,
    logLevel: kafkajs.logLevel.NOTHING,
    retry: { retries: 1000, initialRetryTime: 20, maxRetryTime: 100 },
  });
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  const azure = new EventHubProducerClient(connectionStringOf('127.0.0.1', amqpPort, key), hubs.processing, {
    retryOptions: { maxRetries: 1000, retryDelayInMs: 20, maxRetryDelayInMs: 100, timeoutInMs: 2000 },
  });
  let isOver = false;
  const acknowledged = { kafka: [] as string[], amqp: [] as string[] };
  const produceKafka = async () => {
    for (let index = 0; !isOver; index++) {
      const values = Array.from({ length: 5 }, (_, part) => `k${index}.${part}`);
      const messages = values.map((value) => ({ value: `${value} ${payload}`, partition: 0 }));
      await producer.send({ topic: hubs.stream, acks: -1, messages });
      acknowledged.kafka.push(...values);
    }
  };
  const produceAmqp = async () => {
    for (let index = 0; !isOver;) {
      try {
        await azure.sendBatch([{ body: Buffer.from(`a${index};`) }], { partitionId: '1' });
      } catch {
        // A broker killed while the link was opened is no error that the client tries again by itself.
        continue;
      }
      acknowledged.amqp.push(`a${index};`);
      index += 1;
    }
  };
  const kill = async () => {
    for (let count = 0; count < kills; count++) {
      const goal = acknowledged.kafka.length + 50 + 37 * count;
      while (acknowledged.kafka.length < goal) await new Promise((resolve) => setImmediate(resolve));
      await end(broker.child, 'SIGKILL');
      broker = await spawnBroker(dataDir, amqpPort, kafkaPort);
    }
    const [kafkaGoal, amqpGoal] = [acknowledged.kafka.length + 50, acknowledged.amqp.length + 5];
    while (acknowledged.kafka.length < kafkaGoal || acknowledged.amqp.length < amqpGoal) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    isOver = true;
  };
  await Promise.all([produceKafka(), produceAmqp(), kill()]);
  await producer.disconnect();
  await azure.close();
  expect(await end(broker.child, 'SIGTERM')).toBe(0);

  expect(await stored(dataDir, hubs.stream, 0)).toEqual(acknowledged.kafka);
  const overAmqp = (await stored(dataDir, hubs.processing, 1)).map((body) => /a\d+;/.exec(body)![0]);
  expect([...new Set(overAmqp)]).toEqual(acknowledged.amqp);
  await rm(dataDir, { recursive: true, force: true });
}, 180_000);

test('knows a batch again that it wrote but could not acknowledge before it was killed', async () => {
  const dataDir = await temporaryDirectory();
  for (let sequence = 0; sequence < 3; sequence++) {
    const first = await spawnBroker(dataDir);
    const key = await readOrMakeKey(`${dataDir}/access-key`);
    const sender = new Client(first.kafkaPort);
    await sender.signIn(key);
    sender.send(produceKey, 7, produceBody(batch({ id: 77, sequence })));
    // The response says that it is written; to the producer below it is as good as lost.
    expect(await produced(sender)).toEqual({ code: 0, offset: sequence });
    await end(first.child, 'SIGKILL');
    sender.socket.destroy();

    const second = await spawnBroker(dataDir);
    const again = new Client(second.kafkaPort);
    await again.signIn(key);
    again.send(produceKey, 7, produceBody(batch({ id: 77, sequence })));
    expect(await produced(again)).toEqual({ code: 0, offset: sequence });
    again.socket.destroy();
    await end(second.child, 'SIGKILL');
    expect(await stored(dataDir, hubs.stream, 0)).toHaveLength(sequence + 1);
  }
  await rm(dataDir, { recursive: true, force: true });
}, 180_000);

test('says which port is taken, and stops when it is told to', async () => {
  const dataDir = await temporaryDirectory();
  const broker = await spawnBroker(dataDir);
  await expect(spawnBroker(dataDir, broker.amqpPort)).rejects.toThrow('The broker ended with 1.');
  expect(await end(broker.child, 'SIGTERM')).toBe(0);
  await rm(dataDir, { recursive: true, force: true });
});
