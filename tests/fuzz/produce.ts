import { EventHubProducerClient } from '@azure/event-hubs';
import { Kafka, logLevel } from 'kafkajs';
import type { Stack } from '../../infra/local/stack.ts';
import { hubs } from '../../shared/stream/hubs.ts';
import { below } from '../support/random.ts';
import { asAmqp, type FuzzRecord } from './records.ts';

const partitions = 4;
const perRequest = 20;

type Tally = (name: string) => void;

/** Sends the records by Kafka; what the hub itself refuses (too large for it) is counted and is no input of ours. */
export async function produceByKafka(
  { endpoints }: Stack,
  records: Iterable<FuzzRecord>,
  tally: Tally,
): Promise<number> {
  const sasl = { mechanism: 'plain' as const, username: '$ConnectionString', password: endpoints.hubs };
  const kafka = new Kafka({
    brokers: [endpoints.kafka],
    sasl,
    logLevel: logLevel.NOTHING,
    retry: { retries: 2 },
  });
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  await producer.connect();
  let accepted = 0;
  const send = async (messages: readonly (FuzzRecord & { partition: number })[]): Promise<void> => {
    try {
      await producer.send({ topic: hubs.stream, acks: -1, messages: [...messages] });
      accepted += messages.length;
      messages.forEach(() => tally('acknowledged'));
    } catch {
      if (messages.length === 1) tally('refused by the hub');
      else for (const message of messages) await send([message]);
    }
  };
  let batch: (FuzzRecord & { partition: number })[] = [];
  let index = 0;
  for (const record of records) {
    batch.push({ ...record, partition: index++ % partitions });
    const size = batch.reduce((sum, { value }) => sum + value.byteLength, 0);
    if (batch.length < perRequest && size < 600_000) continue;
    await send(batch);
    batch = [];
  }
  if (batch.length > 0) await send(batch);
  await producer.disconnect();
  return accepted;
}

/** The same over AMQP, with properties of several types and partition keys that text can be. */
export async function produceByAmqp(
  { endpoints }: Stack,
  random: () => number,
  records: Iterable<FuzzRecord>,
  tally: Tally,
): Promise<number> {
  const producer = new EventHubProducerClient(endpoints.hubs, hubs.stream);
  let accepted = 0;
  for (const record of records) {
    const { value: body, properties } = asAmqp(random, record);
    const key = record.key?.toString('latin1').slice(0, 128 - below(random, 20)) ?? '';
    try {
      const batch = await producer.createBatch(key === '' ? {} : { partitionKey: key });
      if (!batch.tryAdd({ body, properties })) throw new Error('It does not fit.');
      await producer.sendBatch(batch);
      accepted += 1;
      tally('acknowledged');
    } catch {
      tally('refused by the hub');
    }
  }
  await producer.close();
  return accepted;
}
