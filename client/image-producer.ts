import kafkajs from 'kafkajs';
import { memo } from '../shared/platform/memo.ts';
import { hubs } from '../shared/stream/hubs.ts';
import type { KafkaEndpoint } from './connection.ts';

export interface KafkaRecord {
  readonly key: string;
  readonly value: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

const isLocal = (broker: string) => /^(?:127\.0\.0\.1|localhost):/.test(broker);

/**
 * A producer to `image-stream`, with the settings that Microsoft gives for Event Hubs; TLS unless it is local. kafkajs
 * speaks the versions that Event Hubs announces (Produce up to 7, Metadata up to 5), which newer clients have given up.
 */
export function openImageProducer({ broker, connectionString }: KafkaEndpoint) {
  const { Kafka, logLevel, Partitioners } = kafkajs;
  const kafka = new Kafka({
    clientId: 'darkroom-cli',
    brokers: [broker],
    sasl: { mechanism: 'plain', username: '$ConnectionString', password: connectionString },
    ssl: !isLocal(broker),
    requestTimeout: 60_000,
    retry: { retries: 5, initialRetryTime: 500 },
    logLevel: logLevel.NOTHING,
  });
  const producer = kafka.producer({
    metadataMaxAge: 180_000,
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  const connected = memo(() => producer.connect());
  return {
    /** Resolves when the hub has acknowledged the records, in order. */
    async send(records: readonly KafkaRecord[]): Promise<void> {
      await connected();
      for (const { key, value, headers } of records) {
        const message = { key, value, headers: { ...headers } };
        await producer.send({ topic: hubs.stream, messages: [message], acks: -1 });
      }
    },
    close: () => producer.disconnect(),
  };
}

export type ImageProducer = ReturnType<typeof openImageProducer>;
