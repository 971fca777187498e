import type { KafkaApi } from '../api.ts';
import type { ConsumerGroup } from '../consumer-group.ts';
import { errorCodes, type KafkaErrorCode } from '../error-codes.ts';
import { readTopics, placeOf } from './offsets.ts';

/* What administrators ask and change of consumer groups. */

const dead = { state: 'Dead', protocolType: '', protocol: '', members: [] } as const;

export const describeGroups: KafkaApi = {
  key: 15,
  name: 'DescribeGroups',
  versions: [0, 1],
  flexibleFrom: 5,
  async handle(request, version, { groups }) {
    const ids = request.array(() => request.string()) ?? [];
    const found = await Promise.all(
      ids.map(async (id) => ({ id, ...((await groups.find(id))?.describe() ?? dead) })),
    );
    return (response) => {
      if (version >= 1) response.int32(0);
      response.array(found, ({ id, state, protocolType, protocol, members }) => {
        response.int16(errorCodes.none).string(id).string(state).string(protocolType).string(protocol);
        response.array(members, (member) => {
          response.string(member.id).string(member.clientId).string('/127.0.0.1');
          response.bytes(member.metadata).bytes(member.assignment);
        });
      });
    };
  },
};

export const listGroups: KafkaApi = {
  key: 16,
  name: 'ListGroups',
  versions: [0, 1],
  flexibleFrom: 3,
  async handle(_request, version, { groups }) {
    const names = await groups.names();
    return (response) => {
      if (version >= 1) response.int32(0);
      response.int16(errorCodes.none).array(names, (name) => {
        response.string(name).string(groups.group(name).describe().protocolType || 'consumer');
      });
    };
  },
};

export const deleteGroups: KafkaApi = {
  key: 42,
  name: 'DeleteGroups',
  versions: [0, 1],
  flexibleFrom: 2,
  async handle(request, _version, { groups }) {
    const ids = request.array(() => request.string()) ?? [];
    const deleted = await Promise.all(
      ids.map(async (id) => {
        const group = await groups.find(id);
        if (!group) return { id, code: errorCodes.groupIdNotFound };
        if (group.describe().state !== 'Empty') return { id, code: errorCodes.nonEmptyGroup };
        await groups.offsets.forget(id);
        return { id, code: errorCodes.none };
      }),
    );
    return (response) => {
      response.int32(0).array(deleted, ({ id, code }) => response.string(id).int16(code));
    };
  },
};

export const offsetDelete: KafkaApi = {
  key: 47,
  name: 'OffsetDelete',
  versions: [0, 0],
  flexibleFrom: 1,
  async handle(request, _version, { groups, namespace }) {
    const id = request.string();
    const topics = readTopics(request, () => request.int32()) ?? [];
    const group = await groups.find(id);
    const code = refusalOf(group);
    const subscribed = group && code === errorCodes.none ? group.subscribedTopics() : new Set();
    const codeOf = (topic: string, index: number) => {
      if (!namespace.hub(topic)?.partitions[index]) return errorCodes.unknownTopicOrPartition;
      return subscribed.has(topic) ? errorCodes.groupSubscribedToTopic : errorCodes.none;
    };
    const deleted = code === errorCodes.none ? topics : [];
    const places = deleted.flatMap(({ name, partitions }) =>
      partitions
        .filter((index) => codeOf(name, index) === errorCodes.none)
        .map((index) => placeOf(name, index)),
    );
    if (places.length > 0)
      await groups.offsets.commit(id, Object.fromEntries(places.map((place) => [place, undefined])));
    return (response) => {
      response
        .int16(code)
        .int32(0)
        .array(deleted, ({ name, partitions }) => {
          response.string(name);
          response.array(partitions, (index) => response.int32(index).int16(codeOf(name, index)));
        });
    };
  },
};

/** Only of a consumer's protocol is it known what its members read. */
function refusalOf(group: ConsumerGroup | undefined): KafkaErrorCode {
  if (!group) return errorCodes.groupIdNotFound;
  return ['', 'consumer'].includes(group.describe().protocolType)
    ? errorCodes.none
    : errorCodes.nonEmptyGroup;
}
