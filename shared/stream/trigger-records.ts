import { fromKafka } from './headers.ts';
import { kafkaKeyProperty, type Hub } from './hubs.ts';
import { keyText } from './key-text.ts';
import type { Headers, HeaderValue, IncomingRecord } from './record.ts';

type Bag = Readonly<Record<string, unknown>>;

const asBag = (value: unknown): Bag => (value !== null && typeof value === 'object' ? (value as Bag) : {});
const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);

function asText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : undefined;
}

function asNumber(value: unknown): number | undefined {
  const number = Number(asText(value) ?? NaN);
  return Number.isSafeInteger(number) ? number : undefined;
}

/** Dates of the trigger have no zone; they are UTC. */
function asDate(value: unknown): Date {
  if (value instanceof Date) return value;
  const text = asText(value) ?? '';
  const date = new Date(/(Z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text}Z`);
  return Number.isNaN(date.getTime()) ? new Date(0) : date;
}

/** Bytes that went through JSON: `{type: 'Buffer', data: […]}`, or an object whose keys count. */
function bytesOf(value: Bag): Uint8Array | undefined {
  const data = value['type'] === 'Buffer' ? value['data'] : Object.values(value);
  const isBytes =
    Array.isArray(data) && data.every((item) => Number.isInteger(item) && item >= 0 && item < 256);
  const counted =
    value['type'] === 'Buffer' || Object.keys(value).every((key, index) => key === String(index));
  return isBytes && counted ? Uint8Array.from(data as number[]) : undefined;
}

function asHeader(value: unknown): HeaderValue {
  if (typeof value === 'string' || value instanceof Uint8Array) return value;
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'object') return bytesOf(value as Bag) ?? JSON.stringify(value);
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint'
    ? String(value)
    : '';
}

function headersOf(properties: unknown, system: Bag): Headers {
  const headers: Record<string, HeaderValue> = Object.create(null) as Record<string, HeaderValue>;
  // Only a Kafka record has such a key, and all headers of a Kafka record are bytes.
  const isFromKafka = system[kafkaKeyProperty] !== undefined;
  for (const [name, value] of Object.entries(asBag(properties))) {
    headers[name] = isFromKafka ? fromKafka(asHeader(value)) : asHeader(value);
  }
  const contentType = asText(system['content-type'] ?? system['contentType']);
  const has = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
  if (contentType !== undefined && !has) headers['content-type'] = contentType;
  return headers;
}

/** Binary values reach a Node function as base64; what is none is the text itself. */
function bytesOfText(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : Buffer.from(text);
}

function keyBytesOf(system: Bag): Uint8Array {
  const kafkaKey = system[kafkaKeyProperty];
  if (typeof kafkaKey === 'string') return bytesOfText(kafkaKey);
  if (kafkaKey instanceof Uint8Array) return kafkaKey;
  const bytes = kafkaKey !== null && typeof kafkaKey === 'object' ? bytesOf(kafkaKey as Bag) : undefined;
  return bytes ?? Buffer.from(asText(system['partitionKey'] ?? system['x-opt-partition-key']) ?? '');
}

/** A Kafka producer's key is an annotation of its own, in binary; an AMQP sender's is the partition key. */
function keyOf(system: Bag): string | undefined {
  const bytes = keyBytesOf(system);
  return bytes.byteLength === 0 ? undefined : keyText(bytes);
}

const asBytes = (event: unknown): Uint8Array => {
  if (event instanceof Uint8Array) return event;
  return Buffer.from(
    typeof event === 'string' ? event : ((JSON.stringify(event) as string | undefined) ?? ''),
  );
};

/**
 * A batch as an Event Hubs trigger gives it (cardinality many, binary) as records. What belongs to an event is
 * read from `systemPropertiesArray`: the host drops empty strings from the other arrays, which then no longer line up.
 * Offsets are read as texts where the host has them: its number is -1 for those of a geo-replicated namespace.
 */
export function recordsOf(hub: Hub, events: unknown, metadata: Bag | undefined): IncomingRecord[] {
  const { propertiesArray, systemPropertiesArray, partitionContext } = metadata ?? {};
  const properties = asList(propertiesArray);
  const systems = asList(systemPropertiesArray);
  const partition = asText(asBag(partitionContext)['partitionId']) ?? '';
  return (Array.isArray(events) ? (events as unknown[]) : [events]).map((event, index) => {
    const system = asBag(systems[index]);
    return {
      hub,
      partition,
      offset:
        asText(system['offsetString'] ?? system['x-opt-offset'] ?? system['offset']) ??
        asText(asList(metadata?.['offsetStringArray'] ?? metadata?.['offsetArray'])[index]) ??
        '',
      enqueuedAt: asDate(system['enqueuedTimeUtc'] ?? asList(metadata?.['enqueuedTimeUtcArray'])[index]),
      sequenceNumber: asNumber(
        system['sequenceNumber'] ??
          system['x-opt-sequence-number'] ??
          asList(metadata?.['sequenceNumberArray'])[index],
      ),
      key: keyOf(system),
      value: asBytes(event),
      headers: headersOf(properties[index], system),
    };
  });
}
