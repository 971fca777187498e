import type { EventHub, Namespace } from '../namespace.ts';
import type { PartitionLog } from '../log/partition-log.ts';

export interface AmqpFault {
  readonly condition: string;
  readonly description: string;
}

export interface SendTarget {
  readonly hub: EventHub;
  /** Undefined when the service chooses, event by event. */
  readonly partition: PartitionLog | undefined;
}

export interface ReceiveSource {
  readonly hub: EventHub;
  readonly consumerGroup: string;
  readonly partitionId: string;
  readonly partition: PartitionLog;
}

export const isFault = (value: object): value is AmqpFault => 'condition' in value;

const notFound = (address: string): AmqpFault => ({
  condition: 'amqp:not-found',
  description: `The messaging entity '${address}' could not be found.`,
});

export const noSuchPartition = (id: string, hub: EventHub): AmqpFault => ({
  condition: 'com.microsoft:argument-out-of-range',
  description: `The specified partition is invalid for an EventHub partition sender or receiver. It should be between 0 and ${hub.partitions.length - 1}.`,
});

const pathOf = (address: string): string[] =>
  address
    .replace(/^[a-z]+:\/\/[^/]*\//i, '')
    .split('/')
    .filter((part) => part !== '');

const partitionOf = (hub: EventHub, id: string): PartitionLog | undefined =>
  /^\d+$/.test(id) ? hub.partitions[Number(id)] : undefined;

/** `HUB` or `HUB/Partitions/N`. */
export function resolveTarget(namespace: Namespace, address: string): SendTarget | AmqpFault {
  const [name = '', word, id, ...rest] = pathOf(address);
  const hub = namespace.hub(name);
  if (!hub || rest.length > 0) return notFound(address);
  if (word === undefined) return { hub, partition: undefined };
  if (word.toLowerCase() !== 'partitions' || id === undefined) return notFound(address);
  const partition = partitionOf(hub, id);
  return partition ? { hub, partition } : noSuchPartition(id, hub);
}

/** `HUB/ConsumerGroups/GROUP/Partitions/N`. */
export function resolveSource(namespace: Namespace, address: string): ReceiveSource | AmqpFault {
  const [name = '', groups, group, word, id, ...rest] = pathOf(address);
  const hub = namespace.hub(name);
  const isShaped =
    groups?.toLowerCase() === 'consumergroups' && word?.toLowerCase() === 'partitions' && rest.length === 0;
  if (!hub || !isShaped || group === undefined || id === undefined) return notFound(address);
  const consumerGroup = hub.consumerGroups.find((known) => known.toLowerCase() === group.toLowerCase());
  if (consumerGroup === undefined) return notFound(`${hub.name}/ConsumerGroups/${group}`);
  const partition = partitionOf(hub, id);
  return partition ? { hub, consumerGroup, partitionId: id, partition } : noSuchPartition(id, hub);
}
