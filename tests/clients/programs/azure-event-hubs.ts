import { EventHubConsumerClient, EventHubProducerClient, earliestEventPosition } from '@azure/event-hubs';
import { check, must, mustFail, settings, tellVersion, values } from './check.ts';

const once = { retryOptions: { maxRetries: 0 } };

async function withProducer<T>(
  connectionString: string,
  hub: string,
  work: (producer: EventHubProducerClient) => Promise<T>,
): Promise<T> {
  const producer = new EventHubProducerClient(connectionString, hub, once);
  return work(producer).finally(() => producer.close());
}

async function consume(): Promise<void> {
  const consumer = new EventHubConsumerClient('$Default', settings.connectionString, settings.hub, once);
  const wanted = new Set(values);
  await new Promise<void>((resolve, reject) => {
    consumer.subscribe(
      {
        processEvents: (events) => {
          for (const { body, properties } of events) {
            const isOwn = wanted.delete(String(body));
            if (isOwn && properties?.['n'] !== 7) reject(new Error('a property came back changed'));
          }
          if (wanted.size === 0) resolve();
          return Promise.resolve();
        },
        processError: (error) => {
          reject(error);
          return Promise.resolve();
        },
      },
      { startPosition: earliestEventPosition, maxWaitTimeInSeconds: 1, skipParsingBodyAsJson: true },
    );
  }).finally(() => consumer.close());
}

tellVersion('@azure/event-hubs');
await check('produce', () =>
  withProducer(settings.connectionString, settings.hub, (producer) =>
    producer.sendBatch(values.map((value) => ({ body: Buffer.from(value), properties: { n: 7 } }))),
  ),
);
await check('consume', consume);
await check('admin', () =>
  withProducer(settings.connectionString, settings.hub, async (producer) => {
    must((await producer.getPartitionIds()).length === 4, 'there are not 4 partitions');
    await mustFail(() => producer.getPartitionProperties('9'), /ArgumentOutOfRange/);
  }),
);
await check('wrong key', () =>
  mustFail(
    () =>
      withProducer(settings.wrongConnectionString, settings.hub, (producer) =>
        producer.sendBatch([{ body: 'x' }]),
      ),
    /UnauthorizedError/,
  ),
);
