import type { KafkaApi } from '../api.ts';
import { errorCodes } from '../error-codes.ts';
import type { Namespace } from '../../namespace.ts';

/*
 * What administrators would change of topics. Hubs are what `shared/stream/hubs.ts` says, and one of Event Hubs Standard
 * keeps the partitions that it was made with: who asks is told so, as by a broker with a policy.
 */

const reasons = {
  [errorCodes.topicAlreadyExists]: 'There is such a hub.',
  [errorCodes.unknownTopicOrPartition]: 'There is no such hub.',
  [errorCodes.policyViolation]: 'Hubs and their partitions come from shared/stream/hubs.ts alone.',
} as const;

const refusalOfNew = (namespace: Namespace, name: string) =>
  namespace.hub(name) ? errorCodes.topicAlreadyExists : errorCodes.policyViolation;
const refusalOfChange = (namespace: Namespace, name: string) =>
  namespace.hub(name) ? errorCodes.policyViolation : errorCodes.unknownTopicOrPartition;

export const createTopics: KafkaApi = {
  key: 19,
  name: 'CreateTopics',
  versions: [0, 2],
  flexibleFrom: 5,
  handle(request, version, { namespace }) {
    const names = request.array(() => {
      const name = request.string();
      request.int32();
      request.int16();
      request.array(() => [request.int32(), request.array(() => request.int32())]);
      request.array(() => [request.string(), request.nullableString()]);
      return name;
    });
    return (response) => {
      if (version >= 2) response.int32(0);
      response.array(names ?? [], (name) => {
        const code = refusalOfNew(namespace, name);
        response.string(name).int16(code);
        if (version >= 1) response.string(reasons[code]);
      });
    };
  },
};

export const deleteTopics: KafkaApi = {
  key: 20,
  name: 'DeleteTopics',
  versions: [0, 2],
  flexibleFrom: 4,
  handle(request, version, { namespace }) {
    const names = request.array(() => request.string());
    return (response) => {
      if (version >= 1) response.int32(0);
      response.array(names ?? [], (name) => response.string(name).int16(refusalOfChange(namespace, name)));
    };
  },
};

export const createPartitions: KafkaApi = {
  key: 37,
  name: 'CreatePartitions',
  versions: [0, 1],
  flexibleFrom: 2,
  handle(request, _version, { namespace }) {
    const names = request.array(() => {
      const name = request.string();
      request.int32();
      request.array(() => request.array(() => request.int32()));
      return name;
    });
    return (response) => {
      response.int32(0).array(names ?? [], (name) => {
        const code = refusalOfChange(namespace, name);
        response.string(name).int16(code).string(reasons[code]);
      });
    };
  },
};
