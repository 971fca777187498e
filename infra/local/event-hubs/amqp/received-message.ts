import type { NewRecord } from '../log/frame.ts';
import { contentOf, elementsOf, integerOf, section, sectionsOf } from './encoding.ts';
import { publisherNames } from './publishers.ts';

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
  ...Object.values(publisherNames),
]);

/** The events in one transfer, ready for the log; `partitionKey` is the one that chooses the partition. */
export interface ReceivedEvents {
  readonly partitionKey: string | undefined;
  /** The first event's number among those of its idempotent publisher. */
  readonly publishSequence: number | undefined;
  readonly records: readonly NewRecord[];
}

interface ReceivedRecord extends NewRecord {
  readonly publishSequence: number | undefined;
}

export function eventsOfTransfer(bytes: Buffer, format: number): ReceivedEvents {
  if (format !== batchFormat) {
    const record = recordOf(bytes, undefined);
    const { partitionKey, publishSequence } = record;
    return { partitionKey, publishSequence, records: [record] };
  }
  let partitionKey: string | undefined;
  const records: ReceivedRecord[] = [];
  for (const { code, value } of sectionsOf(bytes)) {
    if (code === section.messageAnnotations) partitionKey = annotationsOf(bytes, value).partitionKey;
    if (code === section.data) records.push(recordOf(contentOf(bytes, value), partitionKey));
  }
  const [first] = records;
  return {
    partitionKey: partitionKey ?? first?.partitionKey,
    publishSequence: first?.publishSequence,
    records,
  };
}

/** The message without what belongs to its delivery; annotations of the sender's own are kept in front of it. */
function recordOf(message: Buffer, batchPartitionKey: string | undefined): ReceivedRecord {
  let partitionKey = batchPartitionKey;
  let publishSequence: number | undefined;
  let kept: Buffer | undefined;
  let bareStart = message.length;
  for (const { code, start, value, end } of sectionsOf(message)) {
    if (code === section.messageAnnotations) {
      const annotations = annotationsOf(message, value);
      partitionKey = annotations.partitionKey ?? partitionKey;
      publishSequence = annotations.publishSequence;
      if (annotations.hasOthers) kept = message.subarray(start, end);
    }
    if (code >= section.properties) {
      bareStart = Math.min(bareStart, start);
    }
  }
  const bare = message.subarray(bareStart);
  return { partitionKey, publishSequence, payload: kept ? Buffer.concat([kept, bare]) : bare };
}

interface Annotations extends Pick<ReceivedRecord, 'partitionKey' | 'publishSequence'> {
  readonly hasOthers: boolean;
}

function annotationsOf(bytes: Buffer, map: number): Annotations {
  const positions = elementsOf(bytes, map);
  let partitionKey: string | undefined;
  let publishSequence: number | undefined;
  let hasOthers = false;
  for (let index = 0; index + 1 < positions.length; index += 2) {
    const name = contentOf(bytes, positions[index]!).toString();
    const value = positions[index + 1]!;
    if (name === partitionKeyName && bytes.readUInt8(value) !== 0x40) {
      partitionKey = contentOf(bytes, value).toString();
    }
    if (name === publisherNames.sequence) publishSequence = integerOf(bytes, value);
    hasOthers ||= !ownAnnotations.has(name);
  }
  return { partitionKey, publishSequence, hasOthers };
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
