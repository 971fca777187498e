import type { PartitionContext, ReceivedEventData } from '@azure/event-hubs';
import type { TypedData } from '../core-types.ts';

/**
 * Trigger metadata as the Event Hubs extension and the host's gRPC conversion make it, with what a Node function
 * can see of .NET: binary values (headers of Kafka records, for one) come as base64 text, dates without a zone,
 * and string arrays without their empty entries (so `partitionKeyArray` is shorter than the batch when some
 * events have no key; `systemPropertiesArray` is not).
 */
const json = (value: unknown): TypedData => ({ json: JSON.stringify(value) });

const strings = (values: readonly string[]): TypedData => ({
  collectionString: { string: values.filter((value) => value !== '') },
});

/** .NET's DateTime of unspecified kind, which is UTC here. */
const dateTime = (date: Date) => date.toISOString().replace('Z', '');

/** How Newtonsoft writes the .NET value that an AMQP value becomes. */
function dotNetValue(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'bigint') return Number(value);
  if (value === undefined) return null;
  return value;
}

const dictionary = (values: Readonly<Record<string, unknown>> | undefined) =>
  Object.fromEntries(Object.entries(values ?? {}).map(([key, value]) => [key, dotNetValue(value)]));

const partitionKeyOf = (event: ReceivedEventData) => {
  const key: unknown = event.partitionKey;
  return key instanceof Uint8Array ? Buffer.from(key).toString('utf8') : (event.partitionKey ?? null);
};

/** From the AMQP message itself: the SDK's `properties` are copies in which binary values are broken. */
const applicationProperties = (event: ReceivedEventData) =>
  dictionary(event.getRawAmqpMessage().applicationProperties);

/** Message annotations and AMQP properties, then the five that the extension adds. */
function systemProperties(event: ReceivedEventData) {
  const raw = event.getRawAmqpMessage();
  const properties = raw.properties as unknown as Record<string, unknown> | undefined;
  return {
    ...dictionary(raw.messageAnnotations),
    ...dictionary({
      ...(event.contentType !== undefined && { 'content-type': event.contentType }),
      ...(event.correlationId !== undefined && { 'correlation-id': event.correlationId }),
      ...(event.messageId !== undefined && { 'message-id': event.messageId }),
      ...(properties?.['subject'] !== undefined && { subject: properties['subject'] }),
    }),
    SequenceNumber: event.sequenceNumber,
    Offset: Number(numericOffset(event)),
    OffsetString: event.offset,
    PartitionKey: partitionKeyOf(event),
    EnqueuedTimeUtc: dateTime(event.enqueuedTimeUtc),
  };
}

/** The extension gives the partition under two names; the newer one also says whether a checkpoint follows. */
function partitionContexts(context: PartitionContext): Record<string, TypedData> {
  const partition = {
    FullyQualifiedNamespace: context.fullyQualifiedNamespace,
    EventHubName: context.eventHubName,
    ConsumerGroup: context.consumerGroup,
    PartitionId: context.partitionId,
  };
  return {
    TriggerPartitionContext: json({ IsCheckpointingAfterInvocation: true, ...partition }),
    PartitionContext: json({ IsCheckpointingAfterInvocation: true, ...partition }),
  };
}

/** An offset as a number in a text, which is -1 where a hub's offsets are no numbers. */
const numericOffset = ({ offset }: ReceivedEventData): string => (/^-?\d+$/.test(offset) ? offset : '-1');

export const batchMetadata = (
  events: readonly ReceivedEventData[],
  context: PartitionContext,
): Record<string, TypedData> => ({
  ...partitionContexts(context),
  PartitionKeyArray: strings(events.map((event) => partitionKeyOf(event) ?? '')),
  OffsetArray: strings(events.map(numericOffset)),
  OffsetStringArray: strings(events.map((event) => event.offset)),
  SequenceNumberArray: { collectionSint64: { sint64: events.map((event) => event.sequenceNumber) } },
  EnqueuedTimeUtcArray: json(events.map((event) => dateTime(event.enqueuedTimeUtc))),
  PropertiesArray: json(events.map((event) => applicationProperties(event))),
  SystemPropertiesArray: json(events.map(systemProperties)),
});

export const eventMetadata = (
  event: ReceivedEventData,
  context: PartitionContext,
): Record<string, TypedData> => ({
  ...partitionContexts(context),
  PartitionKey: { string: partitionKeyOf(event) ?? '' },
  Offset: { string: numericOffset(event) },
  OffsetString: { string: event.offset },
  SequenceNumber: json(event.sequenceNumber),
  EnqueuedTimeUtc: json(dateTime(event.enqueuedTimeUtc)),
  Properties: json(applicationProperties(event)),
  SystemProperties: json(systemProperties(event)),
});

/** The body's bytes; value bodies (a producer's AMQP string) become their UTF-8 text. */
export function bodyOf(event: ReceivedEventData): Buffer {
  const body = event.body as unknown;
  if (body instanceof Uint8Array) return Buffer.from(body);
  if (typeof body === 'string') return Buffer.from(body);
  return body === undefined || body === null ? Buffer.alloc(0) : Buffer.from(JSON.stringify(body));
}

/** `dataType: 'binary'` hands over bytes; anything else text, which the library parses when it is JSON. */
export const batchBody = (events: readonly ReceivedEventData[], dataType: unknown): TypedData =>
  dataType === 'binary'
    ? { collectionBytes: { bytes: events.map(bodyOf) } }
    : strings(events.map((event) => bodyOf(event).toString('utf8')));

export const eventBody = (event: ReceivedEventData, dataType: unknown): TypedData =>
  dataType === 'binary' ? { bytes: bodyOf(event) } : { string: bodyOf(event).toString('utf8') };
