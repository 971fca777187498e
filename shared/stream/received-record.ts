import type { ReceivedEventData } from '@azure/event-hubs';
import type { Hub } from './hubs.ts';
import type { IncomingRecord } from './record.ts';
import { recordsOf } from './trigger-records.ts';

/** An event that the SDK received, as the record that a trigger would have given. */
export function receivedRecord(hub: Hub, partition: string, event: ReceivedEventData): IncomingRecord {
  const { properties, systemProperties, contentType, partitionKey, offset, sequenceNumber } = event;
  const system = {
    ...systemProperties,
    ...(contentType !== undefined && { 'content-type': contentType }),
    ...(partitionKey !== null && { partitionKey }),
    ...{ offset, sequenceNumber, enqueuedTimeUtc: event.enqueuedTimeUtc },
  };
  const [record] = recordsOf(hub, [event.body], {
    ...{ propertiesArray: [properties ?? {}], systemPropertiesArray: [system] },
    partitionContext: { partitionId: partition },
  });
  return record!;
}
