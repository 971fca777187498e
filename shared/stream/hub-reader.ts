import {
  EventHubConsumerClient,
  type EventPosition,
  type PartitionProperties,
  type ReceivedEventData,
  type SubscribeOptions,
} from '@azure/event-hubs';
import type { EventHubsAddress } from './event-sender.ts';
import type { Hub } from './hubs.ts';
import { credentialOf } from '../platform/credential.ts';
import { DarkroomError } from '../platform/errors.ts';

/**
 * Looks into hubs without being one of their readers: through the built-in group, leaving no checkpoint. What a hub has and does
 * not give in time, as one that throttles does, is `unavailable` and never "not there".
 */
export interface HubReader {
  /** As checkpoints name it. */
  namespace(hub: Hub): string;
  partitions(hub: Hub): Promise<PartitionProperties[]>;
  /** Events of these sequence numbers that are still there, by sequence number. */
  events(
    hub: Hub,
    partition: string,
    sequenceNumbers: readonly number[],
  ): Promise<ReadonlyMap<number, ReceivedEventData>>;
  /** The first event behind a sequence number; undefined when there is none. */
  next(hub: Hub, partition: string, behind: number): Promise<ReceivedEventData | undefined>;
  /** Visits events from a place on, in their order, until `visit` says that it is enough, or to the end of now. */
  read(
    hub: Hub,
    partition: PartitionProperties,
    start: ReadStart,
    visit: (event: ReceivedEventData) => boolean,
  ): Promise<void>;
  /** The first event that came at a time or later; undefined when there is none. */
  since(hub: Hub, partition: string, time: Date): Promise<ReceivedEventData | undefined>;
  /** When the hub was made: a later time than before is another log. */
  createdAt(hub: Hub): Promise<Date>;
  close(): Promise<void>;
}

/** From which event on. */
export type ReadStart =
  { readonly sequenceNumber: number } | { readonly offset: string } | { readonly enqueuedOn: Date };

/** Given up after so long without another event. Milliseconds. */
const idleTimeoutMs = 15_000;
const retryOptions = { maxRetries: 1, retryDelayInMs: 200, timeoutInMs: 5_000 };

export function openConsumer(
  address: EventHubsAddress,
  hub: Hub,
  group = EventHubConsumerClient.defaultConsumerGroupName,
): EventHubConsumerClient {
  if (address.connectionString !== undefined) {
    return new EventHubConsumerClient(group, address.connectionString, hub, { retryOptions });
  }
  if (address.fullyQualifiedNamespace === undefined) {
    throw new Error('Set DARKROOM_EVENT_HUBS or DARKROOM_EVENT_HUBS__fullyQualifiedNamespace.');
  }
  const credential = credentialOf(address.clientId);
  return new EventHubConsumerClient(group, address.fullyQualifiedNamespace, hub, credential, {
    retryOptions,
  });
}

/** Else 30 events come for the first one, of a megabyte each, and what is fetched is taken from the readers' own throughput. */
const oneAtATime = { maxBatchSize: 1, prefetchCount: 1 } as const;

/** Receives from a place on until `enough` says so; answers false when nothing comes any more before that. */
async function receive(
  client: EventHubConsumerClient,
  partition: string,
  startPosition: EventPosition,
  enough: (event: ReceivedEventData) => boolean,
  fetching: Pick<SubscribeOptions, 'maxBatchSize' | 'prefetchCount'> = {},
): Promise<boolean> {
  const { promise, resolve, reject } = Promise.withResolvers<boolean>();
  const giveUp = () => resolve(false);
  let timer = setTimeout(giveUp, idleTimeoutMs);
  const subscription = client.subscribe(
    partition,
    {
      processEvents: (events) => {
        if (events.length > 0) {
          clearTimeout(timer);
          timer = setTimeout(giveUp, idleTimeoutMs);
        }
        if (events.some(enough)) resolve(true);
        return Promise.resolve();
      },
      processError: (error) => {
        reject(error);
        return Promise.resolve();
      },
    },
    { startPosition, skipParsingBodyAsJson: true, maxWaitTimeInSeconds: 1, ...fetching },
  );
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    await subscription.close();
  }
}

function isBehindTheEnd(start: ReadStart, partition: PartitionProperties): boolean {
  if (partition.isEmpty) return true;
  if ('sequenceNumber' in start) return start.sequenceNumber > partition.lastEnqueuedSequenceNumber;
  return 'enqueuedOn' in start && start.enqueuedOn > partition.lastEnqueuedOnUtc;
}

/** The SDK asks for events after a time, never for those of that millisecond. */
const positionOf = (start: ReadStart): EventPosition =>
  'enqueuedOn' in start ? { enqueuedOn: start.enqueuedOn.getTime() - 1 } : { ...start, isInclusive: true };

export function makeHubReader(address: EventHubsAddress): HubReader {
  const clients = new Map<Hub, EventHubConsumerClient>();
  const clientOf = (hub: Hub): EventHubConsumerClient => {
    const client = clients.get(hub) ?? openConsumer(address, hub);
    clients.set(hub, client);
    return client;
  };
  const propertiesOf = (hub: Hub, partition: string) => clientOf(hub).getPartitionProperties(partition);
  /** Throws where a hub did not give what it has; what is past its retention is not missing. */
  async function checkEnd(hub: Hub, partition: string, last: number, isAtEnd: boolean): Promise<void> {
    if (isAtEnd) return;
    const { isEmpty, beginningSequenceNumber } = await propertiesOf(hub, partition);
    if (isEmpty || beginningSequenceNumber > last) return;
    throw new DarkroomError('unavailable', `The hub ${hub} did not give its events in time; try again.`);
  }
  async function first(hub: Hub, partition: PartitionProperties, start: EventPosition) {
    let found: ReceivedEventData | undefined;
    const visit = (event: ReceivedEventData) => {
      found ??= event;
      return true;
    };
    const isAtEnd = await receive(clientOf(hub), partition.partitionId, start, visit, oneAtATime);
    await checkEnd(hub, partition.partitionId, partition.lastEnqueuedSequenceNumber, isAtEnd);
    return found;
  }
  return {
    namespace: (hub) => clientOf(hub).fullyQualifiedNamespace,
    async partitions(hub) {
      const client = clientOf(hub);
      return Promise.all((await client.getPartitionIds()).map((id) => propertiesOf(hub, id)));
    },
    async events(hub, partition, sequenceNumbers) {
      const found = new Map<number, ReceivedEventData>();
      const { beginningSequenceNumber: first, lastEnqueuedSequenceNumber: last } = await propertiesOf(
        hub,
        partition,
      );
      const wanted = new Set(sequenceNumbers.filter((number) => number >= first && number <= last));
      if (wanted.size === 0) return found;
      const [from, to] = [Math.min(...wanted), Math.max(...wanted)];
      const start = { sequenceNumber: from, isInclusive: true };
      const isAtEnd = await receive(clientOf(hub), partition, start, (event) => {
        if (wanted.has(event.sequenceNumber)) found.set(event.sequenceNumber, event);
        return event.sequenceNumber >= to;
      });
      await checkEnd(hub, partition, to, isAtEnd);
      return found;
    },
    async next(hub, partition, behind) {
      const properties = await propertiesOf(hub, partition);
      if (isBehindTheEnd({ sequenceNumber: behind + 1 }, properties)) return undefined;
      return first(hub, properties, { sequenceNumber: behind, isInclusive: false });
    },
    async read(hub, partition, start, visit) {
      if (isBehindTheEnd(start, partition)) return;
      const last = partition.lastEnqueuedSequenceNumber;
      let isEnough = false;
      const isAtEnd = await receive(clientOf(hub), partition.partitionId, positionOf(start), (event) => {
        isEnough ||= event.sequenceNumber > last || visit(event) || event.sequenceNumber === last;
        return isEnough;
      });
      await checkEnd(hub, partition.partitionId, last, isAtEnd);
    },
    async since(hub, partition, time) {
      const properties = await propertiesOf(hub, partition);
      if (isBehindTheEnd({ enqueuedOn: time }, properties)) return undefined;
      return first(hub, properties, positionOf({ enqueuedOn: time }));
    },
    createdAt: async (hub) => (await clientOf(hub).getEventHubProperties()).createdOn,
    async close() {
      await Promise.all([...clients.values()].map((client) => client.close()));
      clients.clear();
    },
  };
}
