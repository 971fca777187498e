import type { EventHub } from '../../namespace.ts';
import type { KafkaApi, Session } from '../api.ts';
import { errorCodes, type KafkaErrorCode } from '../error-codes.ts';
import type { WireReader, WireWriter } from '../wire.ts';

/** "Not asked for", in the bit field of authorized operations. */
export const unknownOperations = -2_147_483_648;
export const clusterId = 'darkroom';

export const metadata: KafkaApi = {
  key: 3,
  name: 'Metadata',
  versions: [0, 9],
  flexibleFrom: 9,
  handle(request, version, session) {
    const names = readNames(request, version);
    const topics = names.map((name) => ({ name, hub: session.namespace.hub(name) }));
    const wanted =
      topics.length > 0 || names.isEmptyOnPurpose
        ? topics
        : [...session.namespace.hubs.values()].map((hub) => ({ name: hub.name, hub }));
    return (response) => {
      if (version >= 3) response.int32(0);
      writeCluster(response, version, session);
      response.array(wanted, ({ name, hub }) => writeTopic(response, version, session, name, hub));
      if (version >= 8) response.int32(unknownOperations);
      response.tags();
    };
  },
};

/** Null (in version 0: none) stands for all hubs, an empty list since version 1 for none. */
function readNames(request: WireReader, version: number): string[] & { isEmptyOnPurpose: boolean } {
  const names = request.array(() => {
    const name = request.string();
    request.tags();
    return name;
  });
  return Object.assign(names ?? [], { isEmptyOnPurpose: version >= 1 && names?.length === 0 });
}

function writeCluster(response: WireWriter, version: number, { broker }: Session): void {
  response.array([broker], ({ id, host, port }) => {
    response.int32(id).string(host).int32(port);
    if (version >= 1) response.string(null);
    response.tags();
  });
  if (version >= 2) response.string(clusterId);
  if (version >= 1) response.int32(broker.id);
}

function writeTopic(
  response: WireWriter,
  version: number,
  { broker }: Session,
  name: string,
  hub: EventHub | undefined,
): void {
  response.int16(hub ? errorCodes.none : absent(name)).string(name);
  if (version >= 1) response.boolean(false);
  response.array(
    (hub?.partitions ?? []).map((_, index) => index),
    (index) => {
      response.int16(errorCodes.none).int32(index).int32(broker.id);
      if (version >= 7) response.int32(0);
      const writeId = (id: number): unknown => response.int32(id);
      response.array([broker.id], writeId).array([broker.id], writeId);
      if (version >= 5) response.array([], () => undefined);
      response.tags();
    },
  );
  if (version >= 8) response.int32(unknownOperations);
  response.tags();
}

/** A name that no topic can have is told apart from one that none has. */
const absent = (name: string): KafkaErrorCode =>
  /^(?!\.{1,2}$)[\w.-]{1,249}$/.test(name) ? errorCodes.unknownTopicOrPartition : errorCodes.invalidTopic;
