import rhea from 'rhea';
import {
  binary,
  contentOf,
  dataSectionHead,
  elementsOf,
  long,
  mapSection,
  nothing,
  section,
  sectionsOf,
  skipValue,
  string,
  symbol,
  timestamp,
} from './amqp/encoding.ts';
import { splitStored } from './amqp/received-message.ts';
import { decodeRecordTail, encodeRecordTail, type KafkaHeader } from './kafka/record.ts';
import type { StoredRecord } from './log/frame.ts';

/*
 * How an event that came in over one protocol looks in the other, as Microsoft's "Exchange events between consumers
 * and producers that use different protocols" says: decision 011.
 */

const names = {
  sequenceNumber: symbol('x-opt-sequence-number'),
  offset: symbol('x-opt-offset'),
  enqueuedTime: symbol('x-opt-enqueued-time'),
  partitionKey: symbol('x-opt-partition-key'),
  kafkaKey: symbol('x-opt-kafka-key'),
};

/** A stored record as an encoded AMQP message with the annotations that Event Hubs gives it. */
export function toAmqpMessage(record: StoredRecord): Buffer {
  const annotations = [
    names.sequenceNumber,
    long(record.sequence),
    names.offset,
    string(String(record.offset)),
    names.enqueuedTime,
    timestamp(record.enqueuedAt),
  ];
  if (record.partitionKey !== undefined) annotations.push(names.partitionKey, string(record.partitionKey));
  if (record.format === 'kafka') return fromKafka(record.payload, annotations);
  const { annotations: own, bare } = splitStored(record.payload);
  return Buffer.concat([mapSection(section.messageAnnotations, [...annotations, ...own]), bare]);
}

function fromKafka(payload: Buffer, annotations: Buffer[]): Buffer {
  const { key, value, headers } = decodeRecordTail(payload);
  if (key) annotations.push(names.kafkaKey, binary(key));
  const body = value ?? Buffer.alloc(0);
  return Buffer.concat([
    mapSection(section.messageAnnotations, annotations),
    ...(headers.length > 0 ? [applicationProperties(headers)] : []),
    dataSectionHead(body.length),
    body,
  ]);
}

/** A map holds a name once: of headers with one name, the last counts. */
function applicationProperties(headers: readonly KafkaHeader[]): Buffer {
  const unique = new Map(headers.map(({ name, value }) => [name, value]));
  const entries = [...unique].flatMap(([name, value]) => [string(name), value ? binary(value) : nothing]);
  return mapSection(section.applicationProperties, entries);
}

const bodySections: ReadonlySet<number> = new Set([section.data, section.sequence, section.value]);

/** A stored record as a Kafka record, from its key on. */
export function toKafkaRecordTail(record: StoredRecord): Buffer {
  if (record.format === 'kafka') return record.payload;
  const { bare } = splitStored(record.payload);
  const headers: KafkaHeader[] = [];
  const body: Buffer[] = [];
  for (const part of sectionsOf(bare)) {
    if (part.code === section.properties)
      headers.push(...propertyHeaders(bare.subarray(part.start, part.end)));
    else if (part.code === section.applicationProperties) headers.push(...encodedHeaders(bare, part.value));
    else if (bodySections.has(part.code)) body.push(bodyOf(bare, part.code, part.value));
  }
  if (record.partitionKey !== undefined) {
    headers.push({ name: 'x-opt-partition-key', value: Buffer.from(record.partitionKey) });
  }
  return encodeRecordTail({ key: null, value: Buffer.concat(body), headers });
}

/** Application properties keep their AMQP encoding: that is how a Kafka consumer learns their type. */
function encodedHeaders(bytes: Buffer, map: number): KafkaHeader[] {
  const positions = elementsOf(bytes, map);
  return positions.flatMap((position, index) => {
    if (index % 2 === 0) return [];
    const name = contentOf(bytes, positions[index - 1]!).toString();
    return [{ name, value: bytes.subarray(position, skipValue(bytes, position)) }];
  });
}

/** Properties of a message that reach Kafka as strings. */
const stringProperties = [
  'message_id',
  'user_id',
  'to',
  'reply_to',
  'content_type',
  'content_encoding',
  'creation_time',
] as const;

function propertyHeaders(properties: Buffer): KafkaHeader[] {
  const decoded = rhea.message.decode(properties) as unknown as Record<string, unknown>;
  return stringProperties.flatMap((name) => {
    const value = decoded[name];
    if (value === undefined || value === null) return [];
    const text = value instanceof Date ? value.toISOString() : value;
    const bytes = Buffer.isBuffer(text) ? text : Buffer.from(String(text as string | number));
    return [{ name: name.replace('_', '-'), value: bytes }];
  });
}

/** Binary and string bodies as their bytes, anything else in its AMQP encoding. */
function bodyOf(bytes: Buffer, code: number, value: number): Buffer {
  const category = bytes.readUInt8(value) >>> 4;
  const isContent = category === 0xa || category === 0xb;
  return code !== section.sequence && isContent
    ? contentOf(bytes, value)
    : bytes.subarray(value, skipValue(bytes, value));
}
