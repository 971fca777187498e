import {
  EventHubConsumerClient,
  earliestEventPosition,
  type PartitionContext,
  type ReceivedEventData,
} from '@azure/event-hubs';
import { batchMetadata, bodyOf } from '../../infra/local/functions-host/event-hubs/metadata.ts';
import type { Hub } from '../../shared/stream/hubs.ts';
import type { IncomingRecord } from '../../shared/stream/record.ts';
import { recordsOf } from '../../shared/stream/trigger-records.ts';
import { eventually } from './eventually.ts';

const lowerFirst = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(lowerFirst);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key.charAt(0).toLowerCase() + key.slice(1),
      lowerFirst(item),
    ]),
  );
};

/** What a trigger tells of a batch, through the host's metadata and the library's change of case. */
export function triggerMetadata(
  events: readonly ReceivedEventData[],
  context: PartitionContext,
): Record<string, unknown> {
  const metadata = Object.entries(batchMetadata(events, context)).map(([name, data]) => [
    name,
    data.json === undefined ? undefined : (JSON.parse(data.json) as unknown),
  ]);
  return lowerFirst(Object.fromEntries(metadata)) as Record<string, unknown>;
}

/** An event as a function's trigger shows it. */
function asRecord(hub: Hub, event: ReceivedEventData, context: PartitionContext): IncomingRecord {
  const [record] = recordsOf(hub, [bodyOf(event)], triggerMetadata([event], context));
  return record!;
}

/** Everything a hub has been sent since its beginning, as the records that a function would get. */
export function readHub(connectionString: string, hub: Hub) {
  const records: IncomingRecord[] = [];
  const client = new EventHubConsumerClient('$Default', connectionString, hub);
  const subscription = client.subscribe(
    {
      processEvents: (events, context) => {
        records.push(...events.map((event) => asRecord(hub, event, context)));
        return Promise.resolve();
      },
      processError: () => Promise.resolve(),
    },
    { startPosition: earliestEventPosition, maxWaitTimeInSeconds: 0.1, skipParsingBodyAsJson: true },
  );
  return {
    records,
    /** The first `count` records that pass, once they are there. */
    until: (count: number, passes: (record: IncomingRecord) => boolean = () => true) =>
      eventually(() => {
        const found = records.filter(passes);
        return found.length >= count ? found : undefined;
      }),
    async close() {
      await subscription.close();
      await client.close();
    },
  };
}
