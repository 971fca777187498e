import {
  EventHubConsumerClient,
  EventHubProducerClient,
  type EventData,
  type EventPosition,
  type ReceivedEventData,
  type SubscribeOptions,
  type Subscription,
} from '@azure/event-hubs';
import { settings } from '../check.ts';

const once = { retryOptions: { maxRetries: 0 } };
/** A message as AMQP has it, with its sections. */
export type AmqpMessage = ReturnType<ReceivedEventData['getRawAmqpMessage']>;

export const partitionId = '1';

export const producer = new EventHubProducerClient(settings.connectionString, settings.hub, once);
export const consumer = new EventHubConsumerClient('$Default', settings.connectionString, settings.hub, once);

export const consumerOf = (group: string) =>
  new EventHubConsumerClient(group, settings.connectionString, settings.hub, once);

export const send = (events: EventData[] | AmqpMessage[]): Promise<void> =>
  producer.sendBatch(events, { partitionId });

export async function sendAsBatch(event: EventData | AmqpMessage): Promise<void> {
  const batch = await producer.createBatch({ partitionId });
  if (!batch.tryAdd(event)) throw new Error('the event does not fit its batch');
  await producer.sendBatch(batch);
}

/** Where the partition ends now. */
export const end = () => consumer.getPartitionProperties(partitionId);

/**
 * Calls `step` with what each round of a subscription brings, until it says that it has what it waits for; an error of the
 * client ends it.
 */
export async function read(
  startPosition: EventPosition,
  step: (events: readonly ReceivedEventData[], round: number, context: object) => boolean | Promise<boolean>,
  options: Omit<SubscribeOptions, 'startPosition'> = {},
  { of = consumer, partition = partitionId } = {},
): Promise<void> {
  let round = 0;
  let subscription: Subscription | undefined;
  await new Promise<void>((resolve, reject) => {
    subscription = of.subscribe(
      partition,
      {
        async processEvents(events, context) {
          try {
            if (await step(events, round++, context)) resolve();
          } catch (error) {
            reject(error instanceof Error ? error : new Error(String(error)));
          }
        },
        processError(error) {
          reject(error);
          return Promise.resolve();
        },
      },
      { maxWaitTimeInSeconds: 1, startPosition, ...options },
    );
  }).finally(() => subscription?.close());
}

/** The next `count` events after what is there when `work` begins. */
export async function next(count: number, work: () => Promise<void>): Promise<ReceivedEventData[]> {
  const { lastEnqueuedOffset } = await end();
  await work();
  const got: ReceivedEventData[] = [];
  await read({ offset: lastEnqueuedOffset }, (events) => got.push(...events) >= count);
  return got;
}
