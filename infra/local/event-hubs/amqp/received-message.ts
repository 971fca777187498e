import type { NewRecord } from '../log/frame.ts';
import { contentOf, elementsOf, section, sectionsOf } from './encoding.ts';

/** The message format of a batch: each data section holds one encoded message. */
export const batchFormat = 0x80013700;

const partitionKeyName = 'x-opt-partition-key';
/** What the service sets itself: a sender cannot. */
const ownAnnotations = new Set([
  partitionKeyName,
  'x-opt-sequence-number',
  'x-opt-offset',
  'x-opt-enqueued-time',
  'x-opt-kafka-key',
]);

/** The events in one transfer, ready for the log; `partitionKey` is the one that chooses the partition. */
export interface ReceivedEvents {
  readonly partitionKey: string | undefined;
  readonly records: readonly NewRecord[];
}

export function eventsOfTransfer(bytes: Buffer, format: number): ReceivedEvents {
  if (format !== batchFormat) {
    const record = recordOf(bytes, undefined);
    return { partitionKey: record.partitionKey, records: [record] };
  }
  let partitionKey: string | undefined;
  const records: NewRecord[] = [];
  for (const { code, value } of sectionsOf(bytes)) {
    if (code === section.messageAnnotations) partitionKey = annotationsOf(bytes, value).partitionKey;
    if (code === section.data) records.push(recordOf(contentOf(bytes, value), partitionKey));
  }
  return { partitionKey: partitionKey ?? records[0]?.partitionKey, records };
}

/** The message without what belongs to its delivery; annotations of the sender's own are kept in front of it. */
function recordOf(message: Buffer, batchPartitionKey: string | undefined): NewRecord {
  let partitionKey = batchPartitionKey;
  let kept: Buffer | undefined;
  let bareStart = message.length;
  for (const { code, start, value, end } of sectionsOf(message)) {
    if (code === section.messageAnnotations) {
      const annotations = annotationsOf(message, value);
      partitionKey = annotations.partitionKey ?? partitionKey;
      if (annotations.hasOthers) kept = message.subarray(start, end);
    }
    if (code >= section.properties) {
      bareStart = Math.min(bareStart, start);
    }
  }
  const bare = message.subarray(bareStart);
  return { partitionKey, payload: kept ? Buffer.concat([kept, bare]) : bare };
}

function annotationsOf(bytes: Buffer, map: number): { partitionKey: string | undefined; hasOthers: boolean } {
  const positions = elementsOf(bytes, map);
  let partitionKey: string | undefined;
  let hasOthers = false;
  for (let index = 0; index + 1 < positions.length; index += 2) {
    const name = contentOf(bytes, positions[index]!).toString();
    const value = positions[index + 1]!;
    if (name === partitionKeyName && bytes.readUInt8(value) !== 0x40) {
      partitionKey = contentOf(bytes, value).toString();
    }
    hasOthers ||= !ownAnnotations.has(name);
  }
  return { partitionKey, hasOthers };
}

/** Keys and values, still encoded, of the sender's own annotations in a stored payload, and the message after them. */
export function splitStored(payload: Buffer): { annotations: readonly Buffer[]; bare: Buffer } {
  const [first] = sectionsOf(payload);
  if (first?.code !== section.messageAnnotations) return { annotations: [], bare: payload };
  const ends = [...elementsOf(payload, first.value).slice(1), first.end];
  const encoded = elementsOf(payload, first.value).map((start, index) =>
    payload.subarray(start, ends[index]),
  );
  const annotations = encoded.filter((_, index) => {
    const key = encoded[index - (index % 2)]!;
    return !ownAnnotations.has(contentOf(key, 0).toString());
  });
  return { annotations, bare: payload.subarray(first.end) };
}
