import type { PartitionProperties } from '@azure/event-hubs';
import { DarkroomError } from '../platform/errors.ts';
import type { CheckpointReader } from '../stream/checkpoints.ts';
import type { HubReader } from '../stream/hub-reader.ts';
import { consumerGroups, type ReadHub } from '../stream/hubs.ts';
import type { MoveCheckpoint, NewCheckpoint } from '../stream/move-checkpoint.ts';
import type { Change, Readers } from './readers.ts';

/** The event that shall be read next. `sequenceNumber` is what Kafka calls the offset. */
export type Target = 'beginning' | 'end' | { readonly sequenceNumber: number } | { readonly time: Date };

export interface Move {
  readonly partition: string;
  /** The event that would be read next, before and after. */
  readonly from: number;
  readonly to: number;
  /** Events that the hub still has and that would be read once more, or never. */
  readonly again: number;
  readonly skipped: number;
}

export interface MoveReadersDependencies {
  readonly reader: HubReader;
  readonly checkpoints: CheckpointReader;
  readonly moveCheckpoint: MoveCheckpoint;
  readonly readers: Pick<Readers, 'list' | 'record'>;
}

const bounds = ({
  isEmpty,
  beginningSequenceNumber,
  lastEnqueuedSequenceNumber: last,
}: PartitionProperties) => ({
  first: isEmpty ? last + 1 : beginningSequenceNumber,
  end: last + 1,
});

/** Moves checkpoints of a paused reader: to an offset, a time, the beginning or the end. */
export function makeMoveReaders({ reader, checkpoints, moveCheckpoint, readers }: MoveReadersDependencies) {
  async function targetOf(hub: ReadHub, properties: PartitionProperties, to: Target): Promise<number> {
    const { first, end } = bounds(properties);
    if (to === 'beginning') return first;
    if (to === 'end') return end;
    if ('time' in to)
      return (await reader.since(hub, properties.partitionId, to.time))?.sequenceNumber ?? end;
    if (to.sequenceNumber >= first && to.sequenceNumber <= end) return to.sequenceNumber;
    throw new DarkroomError(
      'invalid-value',
      `Partition ${properties.partitionId} has the offsets ${first} to ${end}, the end; ${to.sequenceNumber} is none of them.`,
    );
  }

  async function plan(hub: ReadHub, partition: string | undefined, to: Target): Promise<Move[]> {
    const namespace = reader.namespace(hub);
    // Before the ends: events that come meanwhile make a partition longer, never a checkpoint ahead of it.
    const states = await checkpoints.read(namespace, hub, consumerGroups[hub]);
    const all = await reader.partitions(hub);
    const chosen = all.filter(({ partitionId }) => partition === undefined || partitionId === partition);
    if (chosen.length === 0)
      throw new DarkroomError('invalid-value', `There is no partition ${partition ?? ''}.`);
    return Promise.all(
      chosen.map(async (properties) => {
        const { partitionId } = properties;
        const { first, end } = bounds(properties);
        const settled = states.get(partitionId)?.sequenceNumber;
        const from = Math.min(end, Math.max(first, settled === undefined ? first : settled + 1));
        const target = await targetOf(hub, properties, to);
        const [again, skipped] = [Math.max(0, from - target), Math.max(0, target - from)];
        return { partition: partitionId, from, to: target, again, skipped };
      }),
    );
  }

  /** Where nothing is before the target, the host begins by itself with what there is. */
  async function checkpointBefore(hub: ReadHub, { partition, to }: Move): Promise<NewCheckpoint> {
    const before = (await reader.events(hub, partition, [to - 1])).get(to - 1);
    if (before !== undefined) return { offset: before.offset, sequenceNumber: to - 1 };
    const properties = (await reader.partitions(hub)).find(({ partitionId }) => partitionId === partition);
    if (properties === undefined || to <= bounds(properties).first) return 'beginning';
    throw new DarkroomError(
      'unavailable',
      `Event ${to - 1} of partition ${partition} could not be read; try again.`,
    );
  }

  async function requirePaused(hub: ReadHub): Promise<void> {
    const state = (await readers.list()).find((one) => one.hub === hub);
    if (state !== undefined && state.pause === null)
      throw new DarkroomError('wrong-state', `Pause the reader of ${hub} first: it would read meanwhile.`);
  }

  return async (hub: ReadHub, partition: string | undefined, to: Target, by: Change): Promise<Move[]> => {
    const moves = await plan(hub, partition, to);
    if (by.dryRun) return moves;
    await requirePaused(hub);
    const changed = moves.filter(({ again, skipped }) => again + skipped > 0);
    // Each to its end, so that what is answered and kept is what was done.
    const done = await Promise.allSettled(
      changed.map(async (move) => {
        const checkpoint = await checkpointBefore(hub, move);
        await moveCheckpoint(reader.namespace(hub), hub, move.partition, checkpoint);
        await readers.record(hub, { topic: 'position', action: 'moved', detail: { ...move } }, by);
      }),
    );
    const failed = done.find((one) => one.status === 'rejected');
    if (failed !== undefined) throw failed.reason as Error;
    return moves;
  };
}
