import type { KafkaApi, Session } from '../api.ts';
import type { CommittedOffset } from '../committed-offsets.ts';
import { isDiskFull } from '../../disk-full.ts';
import { errorCodes, type KafkaErrorCode } from '../error-codes.ts';
import type { WireReader, WireWriter } from '../wire.ts';

export interface Topic<T> {
  readonly name: string;
  readonly partitions: readonly T[];
}

export const readTopics = <T>(request: WireReader, partition: () => T): Topic<T>[] | null =>
  request.array(() => {
    const name = request.string();
    const partitions = request.array(partition) ?? [];
    request.tags();
    return { name, partitions };
  });

export const placeOf = (topic: string, index: number): string => `${topic}/${index}`;

export const offsetCommit: KafkaApi = {
  key: 8,
  name: 'OffsetCommit',
  versions: [2, 8],
  flexibleFrom: 8,
  async handle(request, version, session) {
    const groupId = request.string();
    const generation = request.int32();
    const memberId = request.string();
    const instanceId = version >= 7 ? request.nullableString() : null;
    if (version <= 4) request.int64();
    const topics = readTopics(request, () => {
      const index = request.int32();
      const offset = request.int64();
      const leaderEpoch = version >= 6 ? request.int32() : -1;
      const metadata = request.string();
      request.tags();
      return { index, offset, leaderEpoch, metadata };
    });
    const isKnown = (name: string, index: number): boolean =>
      session.namespace.hub(name)?.partitions[index] !== undefined;
    const checked = session.groups.group(groupId).checkCommit({ memberId, instanceId, generation });
    const code =
      checked === errorCodes.none
        ? await session.groups.offsets
            .commit(groupId, changesOf(topics ?? [], isKnown))
            .then(() => checked, codeOfUnwritten)
        : checked;
    return (response) => {
      if (version >= 3) response.int32(0);
      response.array(topics ?? [], ({ name, partitions }) => {
        response.string(name).array(partitions, ({ index }) => {
          response.int32(index);
          response.int16(isKnown(name, index) ? code : errorCodes.unknownTopicOrPartition).tags();
        });
        response.tags();
      });
      response.tags();
    };
  },
};

/** What Kafka's coordinator answers when its disk does not take a commit: clients try again. */
function codeOfUnwritten(error: unknown): KafkaErrorCode {
  if (isDiskFull(error)) return errorCodes.notCoordinator;
  throw error;
}

const changesOf = (
  topics: readonly Topic<CommittedOffset & { index: number }>[],
  isKnown: (name: string, index: number) => boolean,
): Record<string, CommittedOffset> =>
  Object.fromEntries(
    topics.flatMap(({ name, partitions }) =>
      partitions
        .filter(({ index }) => isKnown(name, index))
        .map(({ index, ...committed }) => [placeOf(name, index), committed] as const),
    ),
  );

interface GroupRequest {
  readonly id: string;
  readonly topics: readonly Topic<number>[] | null;
}

export const offsetFetch: KafkaApi = {
  key: 9,
  name: 'OffsetFetch',
  versions: [1, 8],
  flexibleFrom: 6,
  async handle(request, version, session) {
    const readGroup = (): GroupRequest => {
      const group = { id: request.string(), topics: readTopics(request, () => request.int32()) };
      if (version >= 8) request.tags();
      return group;
    };
    const groups = version >= 8 ? (request.array(readGroup) ?? []) : [readGroup()];
    const found = await Promise.all(groups.map((group) => fetchGroup(session, group)));
    return (response) => {
      if (version >= 3) response.int32(0);
      if (version >= 8) {
        response.array(found, ({ id, topics }) => {
          writeTopics(response.string(id), version, topics);
          response.int16(errorCodes.none).tags();
        });
      } else {
        writeTopics(response, version, found[0]?.topics ?? []);
        if (version >= 2) response.int16(errorCodes.none);
      }
      response.tags();
    };
  },
};

type Found = CommittedOffset & { readonly index: number };

async function fetchGroup(
  session: Session,
  { id, topics }: GroupRequest,
): Promise<{ id: string; topics: Topic<Found>[] }> {
  const offsets = await session.groups.offsets.read(id);
  const wanted = topics ?? committedTopics(Object.keys(offsets));
  return {
    id,
    topics: wanted.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map((index) => ({
        index,
        ...{ offset: -1, leaderEpoch: -1, metadata: '' },
        ...offsets[placeOf(name, index)],
      })),
    })),
  };
}

function committedTopics(places: readonly string[]): Topic<number>[] {
  const byTopic = Map.groupBy(places, (place) => place.slice(0, place.lastIndexOf('/')));
  return [...byTopic].map(([name, own]) => ({
    name,
    partitions: own.map((place) => Number(place.slice(place.lastIndexOf('/') + 1))),
  }));
}

function writeTopics(response: WireWriter, version: number, topics: readonly Topic<Found>[]): void {
  response.array(topics, ({ name, partitions }) => {
    response.string(name).array(partitions, ({ index, offset, leaderEpoch, metadata }) => {
      response.int32(index).int64(offset);
      if (version >= 5) response.int32(leaderEpoch);
      response.string(metadata).int16(errorCodes.none).tags();
    });
    response.tags();
  });
}
