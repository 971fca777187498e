import { Kafka, logLevel, type Producer } from 'kafkajs';
import { hubs } from '../../../shared/stream/hubs.ts';
import type { KafkaRecord } from '../../../client/image-producer.ts';
import type { Stack } from '../../../infra/local/stack.ts';

/** A kafkajs producer to the stack, as another company's application would have. */
export async function openKafkaClient(
  { endpoints }: { readonly endpoints: Pick<Stack['endpoints'], 'kafka' | 'hubs'> },
  { idempotent = false } = {},
) {
  const kafka = new Kafka({
    clientId: 'pipeline-test',
    brokers: [endpoints.kafka],
    sasl: { mechanism: 'plain', username: '$ConnectionString', password: endpoints.hubs },
    requestTimeout: 10_000,
    retry: { retries: 30, initialRetryTime: 100, maxRetryTime: 1000 },
    logLevel: logLevel.NOTHING,
  });
  const producer: Producer = kafka.producer({ idempotent, allowAutoTopicCreation: false });
  await producer.connect();
  return {
    /** Resolves when every record is acknowledged, and says where each lies. */
    async send(records: readonly KafkaRecord[]) {
      const places: { partition: number; offset: string }[] = [];
      for (const { key, value, headers } of records) {
        const [place] = await producer.send({
          topic: hubs.stream,
          acks: -1,
          messages: [{ key, value, headers }],
        });
        places.push({ partition: place!.partition, offset: place!.baseOffset ?? place!.offset ?? '' });
      }
      return places;
    },
    close: () => producer.disconnect(),
  };
}
