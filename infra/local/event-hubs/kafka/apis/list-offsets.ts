import type { PartitionLog } from '../../log/partition-log.ts';
import type { KafkaApi, Session } from '../api.ts';
import { errorCodes } from '../error-codes.ts';
import type { WireWriter } from '../wire.ts';

/** Timestamps that stand for a place. */
const latest = -1;
const earliest = -2;

interface Place {
  readonly timestamp: number;
  readonly offset: number;
}

export const listOffsets: KafkaApi = {
  key: 2,
  name: 'ListOffsets',
  versions: [0, 6],
  flexibleFrom: 6,
  async handle(request, version, session) {
    request.int32();
    if (version >= 2) request.int8();
    const topics = request.array(() => {
      const name = request.string();
      const partitions = request.array(() => {
        const index = request.int32();
        if (version >= 4) request.int32();
        const timestamp = request.int64();
        if (version === 0) request.int32();
        request.tags();
        return { index, place: placeOf(session, name, index, timestamp) };
      });
      request.tags();
      return { name, partitions: partitions ?? [] };
    });
    const found = await Promise.all(
      (topics ?? []).map(async ({ name, partitions }) => ({
        name,
        partitions: await Promise.all(
          partitions.map(async ({ index, place }) => ({ index, place: await place })),
        ),
      })),
    );
    return (response) => {
      if (version >= 2) response.int32(0);
      response.array(found, ({ name, partitions }) => {
        response.string(name).array(partitions, ({ index, place }) => {
          response.int32(index).int16(place ? errorCodes.none : errorCodes.unknownTopicOrPartition);
          writePlace(response, version, place);
          response.tags();
        });
        response.tags();
      });
      response.tags();
    };
  },
};

/** Version 0 has no time, and a list of offsets, of which one was ever asked. */
function writePlace(response: WireWriter, version: number, place: Place | undefined): void {
  const offset = place?.offset ?? -1;
  if (version === 0) {
    response.array(offset < 0 ? [] : [offset], (found) => response.int64(found));
    return;
  }
  response.int64(place?.timestamp ?? -1).int64(offset);
  if (version >= 4) response.int32(0);
}

async function placeOf(
  { namespace }: Session,
  topic: string,
  index: number,
  timestamp: number,
): Promise<Place | undefined> {
  const partition = namespace.hub(topic)?.partitions[index];
  if (!partition) return undefined;
  if (timestamp === latest) return { timestamp: -1, offset: partition.nextSequence };
  if (timestamp === earliest) return { timestamp: -1, offset: partition.beginSequence };
  return firstAt(partition, timestamp);
}

async function firstAt(partition: PartitionLog, timestamp: number): Promise<Place> {
  const sequence = await partition.sequenceAfterTime(timestamp, true);
  const [record] = await partition.read(sequence, 1);
  return record ? { timestamp: record.enqueuedAt, offset: record.sequence } : { timestamp: -1, offset: -1 };
}
