import type { PartitionProperties } from '@azure/event-hubs';
import type { CheckpointState } from '../stream/checkpoints.ts';

/**
 * `current`: everything is settled. `behind`: events wait, and a host reads. `no-consumer`: events wait and nobody
 * reads. `not-measurable`: the checkpoints could not be read, so nothing is claimed.
 */
export type LagState = 'current' | 'behind' | 'no-consumer' | 'not-measurable';

export interface PartitionState {
  readonly partition: string;
  readonly state: LagState;
  /** Events that wait; null when not measurable. */
  readonly events: number | null;
  /** How long the oldest of them has waited; null when none waits, or it could not be looked at. */
  readonly seconds: number | null;
  /** Events that the hub let go of before they were settled: they are lost to this group. */
  readonly expired: number;
  readonly lastSequenceNumber: number;
  readonly checkpoint: number | null;
  readonly checkpointAt: string | null;
}

/** A host renews its claim several times a minute; one older than this is of a host that is gone. Milliseconds. */
const ownershipLifetimeMs = 2 * 60_000;

const isOwned = (state: CheckpointState | undefined): boolean =>
  state?.ownedAt !== undefined && Date.now() - state.ownedAt.getTime() < ownershipLifetimeMs;

/**
 * How far behind its consumer group a partition is. `checkpoints` is undefined when they could not be read;
 * `waitingSeconds` tells how long the oldest event after a sequence number has waited.
 */
export async function partitionState(
  properties: PartitionProperties,
  checkpoints: ReadonlyMap<string, CheckpointState> | undefined,
  waitingSeconds: (partition: string, after: number) => Promise<number | null>,
): Promise<PartitionState> {
  const { partitionId: partition, lastEnqueuedSequenceNumber: last, isEmpty } = properties;
  const checkpoint = checkpoints?.get(partition);
  const settled = checkpoint?.sequenceNumber;
  const shown = {
    ...{ partition, lastSequenceNumber: last, checkpoint: settled ?? null },
    checkpointAt: checkpoint?.checkpointAt?.toISOString() ?? null,
  };
  if (checkpoints === undefined) {
    return { ...shown, state: 'not-measurable', events: null, seconds: null, expired: 0 };
  }
  const beforeFirst = isEmpty ? last : properties.beginningSequenceNumber - 1;
  const expired = settled === undefined ? 0 : Math.max(0, beforeFirst - settled);
  const done = Math.max(settled ?? beforeFirst, beforeFirst);
  const events = Math.max(0, last - done);
  if (events === 0) return { ...shown, state: 'current', events, seconds: null, expired };
  const seconds = await waitingSeconds(partition, done);
  return { ...shown, state: isOwned(checkpoint) ? 'behind' : 'no-consumer', events, seconds, expired };
}
