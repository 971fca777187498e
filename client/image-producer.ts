import { Producer } from '@platformatic/kafka';
import { hubs } from '../shared/stream/hubs.ts';
import type { KafkaEndpoint } from './connection.ts';

export interface KafkaRecord {
  readonly key: string;
  readonly value: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

const isLocal = (broker: string) => /^(?:127\.0\.0\.1|localhost):/.test(broker);

/** A producer to `image-stream`, with the settings that Microsoft gives for Event Hubs; TLS unless it is local. */
export function openImageProducer({ broker, connectionString }: KafkaEndpoint) {
  const producer = new Producer<string, Buffer, string, string>({
    clientId: 'darkroom-cli',
    bootstrapBrokers: [broker],
    sasl: { mechanism: 'PLAIN', username: '$ConnectionString', password: connectionString },
    ...(isLocal(broker) ? {} : { tls: {} }),
    metadataMaxAge: 180_000,
    requestTimeout: 60_000,
    retries: 5,
    retryDelay: 500,
    strict: true,
    serializers: {
      key: (key) => (key === undefined ? undefined : Buffer.from(key)),
      value: (value) => value,
      headerKey: (name) => (name === undefined ? undefined : Buffer.from(name)),
      headerValue: (value) => (value === undefined ? undefined : Buffer.from(value)),
    },
  });
  return {
    /** Resolves when the hub has acknowledged the records, in order. */
    async send(records: readonly KafkaRecord[]): Promise<void> {
      for (const record of records) {
        await producer.send({ messages: [{ topic: hubs.stream, ...record }], acks: -1 });
      }
    },
    close: () => producer.close(),
  };
}

export type ImageProducer = ReturnType<typeof openImageProducer>;
