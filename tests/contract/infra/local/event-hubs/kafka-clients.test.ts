import { promisify } from 'node:util';
import { Producer as PlatformaticProducer, Consumer as PlatformaticConsumer } from '@platformatic/kafka';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import kafkajs from 'kafkajs';
import { hubs, kafkaKeyProperty } from '../../../../../shared/stream/hubs.ts';
import { key, receive, signIn, startTemporary } from './support.ts';

const { CompressionTypes, Kafka, logLevel, Partitioners } = kafkajs;

let eventHubs: Awaited<ReturnType<typeof startTemporary>>;
beforeAll(async () => {
  eventHubs = await startTemporary();
});
afterAll(() => eventHubs.stop());

const kafka = (accessKey = key) => {
  const { broker, username, password } = signIn(eventHubs.kafkaPort, accessKey);
  return new Kafka({
    brokers: [broker],
    sasl: { mechanism: 'plain', username, password },
    ssl: false,
    logLevel: logLevel.NOTHING,
    retry: { retries: 0 },
  });
};

async function withProducer<T>(
  work: (producer: kafkajs.Producer) => Promise<T>,
  options: kafkajs.ProducerConfig = {},
): Promise<T> {
  const producer = kafka().producer({ createPartitioner: Partitioners.DefaultPartitioner, ...options });
  await producer.connect();
  try {
    return await work(producer);
  } finally {
    await producer.disconnect();
  }
}

describe('kafkajs', () => {
  test('sends keys and headers (strings and bytes) that an Event Hubs client receives', async () => {
    const headers = { ce_id: '42', 'content-type': Buffer.from('image/png') };
    await withProducer((producer) =>
      producer.send({
        topic: hubs.stream,
        messages: [{ key: 'user-1', value: Buffer.from([0, 255]), headers }],
      }),
    );
    const [event] = await receive(eventHubs.connectionString, hubs.stream, 1);
    expect(event!.body).toEqual(Buffer.from([0, 255]));
    // The SDK turns bytes in `properties` and `systemProperties` into plain objects; in the raw message they are bytes.
    const { applicationProperties, messageAnnotations } = event!.getRawAmqpMessage();
    expect(applicationProperties).toEqual({
      ce_id: Buffer.from('42'),
      'content-type': Buffer.from('image/png'),
    });
    expect(messageAnnotations![kafkaKeyProperty]).toEqual(Buffer.from('user-1'));
    expect(event!.partitionKey).toBeUndefined();
    expect(event!.contentType).toBeUndefined();
  });

  test('sends a batch with and without keys, and is told that compression is not for Standard', async () => {
    const messages = Array.from({ length: 100 }, (_, index) => ({
      key: index % 2 ? null : `k${index}`,
      value: `value ${index}`,
    }));
    const send = (compression: kafkajs.CompressionTypes) =>
      withProducer((producer) => producer.send({ topic: hubs.processing, messages, compression }));
    await expect(send(CompressionTypes.GZIP)).rejects.toMatchObject({ type: 'UNSUPPORTED_COMPRESSION_TYPE' });
    await send(CompressionTypes.None);
    const events = await receive(eventHubs.connectionString, hubs.processing, 100);
    expect(events.map(({ body }) => String(body)).sort()).toEqual(messages.map(({ value }) => value).sort());
  });

  test('sends a million bytes, and is told when it is over 1 MiB', async () => {
    await withProducer(async (producer) => {
      const send = (bytes: number) =>
        producer.send({ topic: hubs.reprocessing, messages: [{ value: Buffer.alloc(bytes), partition: 1 }] });
      const [{ errorCode, baseOffset } = { errorCode: -1, baseOffset: '' }] = await send(1_000_000);
      expect([errorCode, baseOffset]).toEqual([0, '0']);
      await expect(send(1_048_577)).rejects.toMatchObject({ type: 'MESSAGE_TOO_LARGE' });
    });
  });

  test('is told that a hub is not there, and that its password is wrong', async () => {
    await withProducer(async (producer) => {
      await expect(producer.send({ topic: 'no-such-hub', messages: [{ value: 'x' }] })).rejects.toMatchObject(
        { cause: { type: 'UNKNOWN_TOPIC_OR_PARTITION' } },
      );
    });
    await expect(kafka(Buffer.from('another').toString('base64')).producer().connect()).rejects.toMatchObject(
      {
        name: 'KafkaJSSASLAuthenticationError',
      },
    );
  });

  test('sends as an idempotent producer', async () => {
    await withProducer(
      async (producer) => {
        for (let index = 0; index < 5; index++) {
          const [sent] = await producer.send({
            topic: hubs.slow,
            acks: -1,
            messages: [{ value: `${index}`, partition: 0 }],
          });
          expect(sent!.baseOffset).toBe(String(index));
        }
      },
      { idempotent: true, maxInFlightRequests: 1, retry: { retries: 3 } },
    );
  });

  test('consumes in a group, commits, and goes on behind it after a restart of the consumer', async () => {
    await withProducer((producer) =>
      producer.send({
        topic: hubs.reprocessing,
        messages: ['a', 'b', 'c'].map((value) => ({ key: 'k', value, partition: 0, headers: { h: value } })),
      }),
    );
    const consume = async (count: number) => {
      const consumer = kafka().consumer({ groupId: 'readers', retry: { retries: 5 } });
      await consumer.connect();
      await consumer.subscribe({ topic: hubs.reprocessing, fromBeginning: true });
      const seen: string[] = [];
      await new Promise<void>((resolve) => {
        void consumer.run({
          eachMessage: ({ partition, message }) => {
            if (partition !== 0) return Promise.resolve();
            expect(message.headers).toEqual({ h: message.value });
            expect(message.key).toEqual(Buffer.from('k'));
            if (seen.push(String(message.value)) === count) resolve();
            return Promise.resolve();
          },
        });
      });
      await consumer.disconnect();
      return seen;
    };
    expect(await consume(3)).toEqual(['a', 'b', 'c']);
    await withProducer((producer) =>
      producer.send({
        topic: hubs.reprocessing,
        messages: [{ key: 'k', value: 'd', partition: 0, headers: { h: 'd' } }],
      }),
    );
    expect(await consume(1)).toEqual(['d']);
  });
});

describe('@platformatic/kafka', () => {
  const connection = () => {
    const { broker, username, password } = signIn(eventHubs.kafkaPort);
    return {
      clientId: 'platformatic',
      bootstrapBrokers: [broker],
      sasl: { mechanism: 'PLAIN' as const, username, password },
      retries: 0,
    };
  };

  test('sends idempotently and consumes in a group', async () => {
    const producer = new PlatformaticProducer({ ...connection(), idempotent: true });
    const value = Buffer.alloc(300_000, 3);
    for (let index = 0; index < 4; index++) {
      await producer.send({
        messages: [{ topic: hubs.slow, partition: 3, key: Buffer.from('k'), value, headers: new Map() }],
      });
    }
    await producer.close();
    const consumer = new PlatformaticConsumer({ ...connection(), groupId: 'platformatic-readers' });
    const stream = await consumer.consume({ topics: [hubs.slow], mode: 'earliest', autocommit: true });
    let seen = 0;
    for await (const message of stream) {
      if (message.partition !== 3) continue;
      expect(Buffer.compare(message.value, value)).toBe(0);
      if (++seen === 4) break;
    }
    await promisify((done: (error?: Error | null) => void) => consumer.close(true, done))();
    expect(seen).toBe(4);
  });

  test('loses nothing of two idempotent producers that send at the same time', async () => {
    const producers = [1, 2].map(
      () => new PlatformaticProducer({ ...connection(), clientId: 'twin', idempotent: true }),
    );
    const before = await eventsIn(2);
    await Promise.all(
      producers.map(async (producer) => {
        for (let index = 0; index < 20; index++) {
          await producer.send({
            messages: [
              { topic: hubs.slow, partition: 2, value: Buffer.from(String(index)), headers: new Map() },
            ],
          });
        }
        await producer.close();
      }),
    );
    expect((await eventsIn(2)) - before).toBe(40);
  });
});

/** Events that a partition of the dead-letter hub ever had. */
async function eventsIn(partition: number): Promise<number> {
  const admin = kafka().admin();
  await admin.connect();
  const offsets = await admin.fetchTopicOffsets(hubs.slow);
  await admin.disconnect();
  return Number(offsets.find((found) => found.partition === partition)!.high);
}
