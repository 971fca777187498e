import type { PartitionProperties } from '@azure/event-hubs';
import type { Log } from '../platform/log.ts';
import type { CheckpointState } from '../stream/checkpoints.ts';
import type { TellExpired } from '../stream/expired-events.ts';
import { consumerGroups, type Hub } from '../stream/hubs.ts';
import type { MoveReadersDependencies } from './move-readers.ts';
import type { Readers } from './readers.ts';

export interface WatchLogsDependencies extends Omit<MoveReadersDependencies, 'readers'> {
  readonly readers: Pick<Readers, 'record' | 'logOf'>;
  readonly tellExpired: TellExpired;
  readonly log: Log;
}

const service = { actor: 'service:operations' };

type Checkpointed = CheckpointState & { readonly sequenceNumber: number };

interface Partition {
  readonly properties: PartitionProperties;
  readonly checkpoint: Checkpointed;
}

/**
 * Finds what a reader cannot know of its hub: that it was made anew, so that its checkpoints are of another log and would hide
 * events, and that events expired unread.
 */
export function makeWatchLogs(dependencies: WatchLogsDependencies) {
  const { reader, checkpoints, moveCheckpoint, readers, tellExpired, log } = dependencies;

  async function beginAgain(hub: Hub, { properties, checkpoint }: Partition): Promise<void> {
    const { partitionId: partition, lastEnqueuedSequenceNumber: last } = properties;
    await moveCheckpoint(reader.namespace(hub), hub, partition, 'beginning');
    const detail = { partition, checkpoint: checkpoint.sequenceNumber, last };
    const reason =
      'The hub was made anew: its checkpoints were of another log, so it is read from the beginning.';
    await readers.record(hub, { topic: 'position', action: 'restarted', detail }, { ...service, reason });
    log.warn('hub.made-anew', { hub, ...detail });
  }

  /** While something is left, its reader tells of the gap when it gets there; where nothing is, it never does. */
  async function lookForExpired(hub: Hub, { properties, checkpoint }: Partition): Promise<void> {
    const { partitionId: partition, isEmpty, lastEnqueuedSequenceNumber: last } = properties;
    const kept = isEmpty ? last + 1 : properties.beginningSequenceNumber;
    const from = checkpoint.sequenceNumber + 1;
    if (kept <= from) return;
    if (!isEmpty) {
      log.warn('events.expired', { hub, partition, from, to: kept - 1, count: kept - from });
      return;
    }
    await moveCheckpoint(reader.namespace(hub), hub, partition, 'beginning');
    await tellExpired({ hub, partition, from, to: last });
  }

  /** To be called again and again. */
  return async (hub: Hub): Promise<void> => {
    // Before the ends of the log: events that come meanwhile make it longer.
    const states = await checkpoints.read(reader.namespace(hub), hub, consumerGroups[hub]);
    const [createdAt, all] = await Promise.all([reader.createdAt(hub), reader.partitions(hub)]);
    const partitions = all.flatMap((properties): Partition[] => {
      const { sequenceNumber, ...state } = states.get(properties.partitionId) ?? {};
      return sequenceNumber === undefined
        ? []
        : [{ properties, checkpoint: { ...state, sequenceNumber } as Checkpointed }];
    });
    const known = await readers.logOf(hub);
    const isAnother = known !== undefined && known.getTime() !== createdAt.getTime();
    const isOfAnother = ({ properties, checkpoint: { sequenceNumber, checkpointAt } }: Partition): boolean =>
      isAnother ||
      sequenceNumber > properties.lastEnqueuedSequenceNumber ||
      (known === undefined && checkpointAt !== undefined && checkpointAt < createdAt);
    await Promise.all(
      partitions.map((partition) =>
        isOfAnother(partition) ? beginAgain(hub, partition) : lookForExpired(hub, partition),
      ),
    );
    if (known !== undefined && !isAnother) return;
    const seen = { topic: 'log', action: 'seen', detail: { createdAt: createdAt.toISOString() } } as const;
    await readers.record(hub, seen, { ...service, reason: 'So that a hub that is made anew is known.' });
  };
}
