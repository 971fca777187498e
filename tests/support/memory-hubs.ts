import type { PartitionProperties, ReceivedEventData } from '@azure/event-hubs';
import type { CheckpointReader, CheckpointState } from '../../shared/stream/checkpoints.ts';
import type { HubReader } from '../../shared/stream/hub-reader.ts';
import { consumerGroups, hubs, type Hub } from '../../shared/stream/hubs.ts';

/** One partition as it would take a hub a day to become: what it still has, and how far its group has come. */
export interface PartitionAt {
  readonly first: number;
  readonly last: number;
  readonly isEmpty?: boolean;
  readonly checkpoint?: Partial<CheckpointState>;
  /** Of the oldest event that waits; `away`: nobody can look at it. */
  readonly oldestAt?: Date | 'away';
}

/** Hubs and checkpoints in a state of the test's choosing; the hubs that are not named have no partitions. */
export function memoryHubs(state: Partial<Record<Hub, readonly PartitionAt[]>>, checkpointsAway = false) {
  const asked: { hub: Hub; partition: string; behind: number }[] = [];
  const at = (hub: string) => state[hub as Hub] ?? [];
  const reader: HubReader = {
    namespace: () => 'hubs.example',
    partitions: (hub) =>
      Promise.resolve(
        at(hub).map(({ first, last, isEmpty = false }, index) => ({
          partitionId: String(index),
          beginningSequenceNumber: first,
          lastEnqueuedSequenceNumber: last,
          isEmpty,
        })) as PartitionProperties[],
      ),
    events: () => Promise.resolve(new Map()),
    next(hub, partition, behind) {
      asked.push({ hub, partition, behind });
      const { oldestAt } = at(hub)[Number(partition)]!;
      if (oldestAt === 'away') return Promise.reject(new Error('The hub is away.'));
      return Promise.resolve(oldestAt && ({ enqueuedTimeUtc: oldestAt } as ReceivedEventData));
    },
    read: () => Promise.resolve(),
    since: () => Promise.resolve(undefined),
    createdAt: () => Promise.resolve(new Date(0)),
    close: () => Promise.resolve(),
  };
  const checkpoints: CheckpointReader = {
    read(namespace, hub, group) {
      const isRight = namespace === 'hubs.example' && consumerGroups[hub as Hub] === group;
      if (checkpointsAway || !isRight) return Promise.reject(new Error('No account answered.'));
      const known = at(hub).flatMap(({ checkpoint }, index) => {
        const none = { sequenceNumber: undefined, checkpointAt: undefined, ownedAt: undefined };
        return checkpoint === undefined ? [] : [[String(index), { ...none, ...checkpoint }] as const];
      });
      return Promise.resolve(new Map(known));
    },
  };
  return { reader, checkpoints, asked, names: Object.values(hubs) };
}
