import { hour } from '../../../../../shared/platform/clock.ts';
import { maxEventBytes, retentionHours, type Hub } from '../../../../../shared/stream/hubs.ts';
import type { KafkaApi } from '../api.ts';
import { errorCodes } from '../error-codes.ts';
import { clusterId, unknownOperations } from './metadata.ts';

/* What administrators ask of the cluster and its topics. */

export const describeCluster: KafkaApi = {
  key: 60,
  name: 'DescribeCluster',
  versions: [0, 0],
  flexibleFrom: 0,
  handle(_request, _version, { broker }) {
    return (response) => {
      response.int32(0).int16(errorCodes.none).string(null).string(clusterId).int32(broker.id);
      response.array([broker], ({ id, host, port }) => {
        response.int32(id).string(host).int32(port).string(null).tags();
      });
      response.int32(unknownOperations).tags();
    };
  },
};

const topicResource = 2;
/** "Set for this topic", as the source of a setting. */
const topicConfig = 1;

function settingsOf(hub: Hub): Record<string, string> {
  return {
    'cleanup.policy': 'delete',
    'compression.type': 'uncompressed',
    'max.message.bytes': String(maxEventBytes),
    'message.timestamp.type': 'LogAppendTime',
    'retention.ms': String(retentionHours[hub] * hour),
  };
}

export const describeConfigs: KafkaApi = {
  key: 32,
  name: 'DescribeConfigs',
  versions: [0, 2],
  flexibleFrom: 4,
  handle(request, version, { namespace }) {
    const wanted =
      request.array(() => ({
        type: request.int8(),
        name: request.string(),
        keys: request.array(() => request.string()),
      })) ?? [];
    return (response) => {
      response.int32(0).array(wanted, ({ type, name, keys }) => {
        const hub = type === topicResource ? namespace.hub(name) : undefined;
        const isMissing = type === topicResource && !hub;
        response.int16(isMissing ? errorCodes.unknownTopicOrPartition : errorCodes.none);
        response
          .string(isMissing ? 'There is no such hub.' : null)
          .int8(type)
          .string(name);
        const all = Object.entries(hub ? settingsOf(hub.name) : {});
        response.array(
          all.filter(([key]) => keys?.includes(key) ?? true),
          ([key, value]) => {
            response.string(key).string(value).boolean(true);
            if (version === 0) response.boolean(false).boolean(false);
            else
              response
                .int8(topicConfig)
                .boolean(false)
                .array([], () => undefined);
          },
        );
      });
    };
  },
};
