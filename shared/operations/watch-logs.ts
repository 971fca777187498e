import type { PartitionProperties } from '@azure/event-hubs';
import { minute, type Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { CheckpointState } from '../stream/checkpoints.ts';
import type { TellExpired } from '../stream/expired-events.ts';
import { consumerGroups, type ReadHub } from '../stream/hubs.ts';
import type { MoveReadersDependencies } from './move-readers.ts';
import type { Readers, ReaderView } from './readers.ts';

export interface WatchLogsDependencies extends Omit<MoveReadersDependencies, 'readers'> {
  readonly readers: Pick<Readers, 'record' | 'watched' | 'isLossTold'>;
  readonly tellExpired: TellExpired;
  readonly clock: Clock;
  readonly log: Log;
}

/** So long after a pause a host may still have what it read before in memory: its longest invocation, and some. Milliseconds. */
const memoryMs = 30 * minute;

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
  const { reader, checkpoints, moveCheckpoint, readers, tellExpired, clock, log } = dependencies;

  async function beginAgain(hub: ReadHub, { properties, checkpoint }: Partition): Promise<void> {
    const { partitionId: partition, lastEnqueuedSequenceNumber: last } = properties;
    await moveCheckpoint(reader.namespace(hub), hub, partition, 'beginning');
    const detail = { partition, checkpoint: checkpoint.sequenceNumber, last };
    const reason =
      'The hub was made anew: its checkpoints were of another log, so it is read from the beginning.';
    await readers.record(hub, { topic: 'position', action: 'restarted', detail }, { ...service, reason });
    log.warn('hub.made-anew', { hub, ...detail });
  }

  /** A batch that waited is in the memory of its host, even when the hub has dropped its events. */
  const mayBeInMemory = ({ pause, resumedAt }: ReaderView): boolean =>
    pause !== null || (resumedAt !== null && clock.now().getTime() - resumedAt.getTime() < memoryMs);

  /** While something is left, its reader tells of the gap when it gets there; where nothing is, it never does. */
  async function lookForExpired(hub: ReadHub, { properties, checkpoint }: Partition, view: ReaderView) {
    const { partitionId: partition, isEmpty, lastEnqueuedSequenceNumber: last } = properties;
    const kept = isEmpty ? last + 1 : properties.beginningSequenceNumber;
    const from = checkpoint.sequenceNumber + 1;
    if (kept <= from) return;
    if (!isEmpty || mayBeInMemory(view)) {
      log.warn('events.expired', { hub, partition, from, to: kept - 1, count: kept - from });
      return;
    }
    // Told before the checkpoint goes, which is all that knows of it; and not once more when that failed the last time.
    const told = await readers.isLossTold(hub, partition, from);
    if (!told) await tellExpired({ hub, partition, from, to: last });
    await moveCheckpoint(reader.namespace(hub), hub, partition, 'beginning');
  }

  /** To be called again and again. */
  return async (hub: ReadHub): Promise<void> => {
    // Before the ends of the log: events that come meanwhile make it longer.
    const states = await checkpoints.read(reader.namespace(hub), hub, consumerGroups[hub]);
    const [createdAt, all] = await Promise.all([reader.createdAt(hub), reader.partitions(hub)]);
    const partitions = all.flatMap((properties): Partition[] => {
      const { sequenceNumber, ...state } = states.get(properties.partitionId) ?? {};
      return sequenceNumber === undefined
        ? []
        : [{ properties, checkpoint: { ...state, sequenceNumber } as Checkpointed }];
    });
    const { reader: view, log: known } = await readers.watched(hub);
    const isAnother = known !== undefined && known.createdAt.getTime() !== createdAt.getTime();
    const isOfAnother = ({ properties, checkpoint: { sequenceNumber, checkpointAt } }: Partition): boolean =>
      isAnother ||
      sequenceNumber > properties.lastEnqueuedSequenceNumber ||
      (known === undefined
        ? checkpointAt !== undefined && checkpointAt < createdAt
        : known.open.includes(properties.partitionId));
    const others = partitions.filter(isOfAnother);
    const done = await Promise.allSettled([
      ...others.map((partition) => beginAgain(hub, partition)),
      ...partitions
        .filter((partition) => !others.includes(partition))
        .map((partition) => lookForExpired(hub, partition, view)),
    ]);
    const open = others
      .filter((_other, index) => done[index]?.status === 'rejected')
      .map(({ properties }) => properties.partitionId);
    if (known === undefined || isAnother || open.join() !== known.open.join()) {
      const seen = { createdAt: createdAt.toISOString(), open };
      const reason = 'So that a hub that is made anew is known.';
      await readers.record(hub, { topic: 'log', action: 'seen', detail: seen }, { ...service, reason });
    }
    const failed = done.find((one) => one.status === 'rejected');
    if (failed !== undefined) throw failed.reason as Error;
  };
}
