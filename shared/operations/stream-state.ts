import type { PartitionProperties } from '@azure/event-hubs';
import type { Clock } from '../platform/clock.ts';
import { consumerGroups, hubs, type Hub } from '../stream/hubs.ts';
import type { CheckpointReader, CheckpointState } from '../stream/checkpoints.ts';
import type { HubReader } from '../stream/hub-reader.ts';

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

export interface GroupState {
  readonly hub: Hub;
  readonly consumerGroup: string;
  readonly state: LagState;
  readonly events: number | null;
  readonly seconds: number | null;
  /** Since the last time somebody asked this instance; null the first time. */
  readonly throughput: { readonly inPerSecond: number; readonly settledPerSecond: number } | null;
  readonly partitions: readonly PartitionState[];
}

export interface StreamStateDependencies {
  readonly reader: HubReader;
  readonly checkpoints: CheckpointReader;
  readonly clock: Clock;
}

/** A host renews its claim several times a minute; one older than this is of a host that is gone. Milliseconds. */
const ownershipLifetime = 2 * 60_000;
/** Two samples nearer than this say nothing of a rate, and much older ones nothing of now. Milliseconds. */
const [shortest, longest] = [500, 15 * 60_000];

interface Sample {
  readonly at: number;
  readonly sent: number;
  readonly settled: number;
}

const worst = (states: readonly LagState[]): LagState =>
  (['not-measurable', 'no-consumer', 'behind'] as const).find((state) => states.includes(state)) ?? 'current';

const isOwned = (state: CheckpointState | undefined): boolean =>
  state?.ownedAt !== undefined && Date.now() - state.ownedAt.getTime() < ownershipLifetime;

export function makeStreamState({ reader, checkpoints, clock }: StreamStateDependencies) {
  const samples = new Map<Hub, Sample>();

  async function waitingSeconds(hub: Hub, partition: string, settled: number): Promise<number | null> {
    const oldest = await reader.next(hub, partition, settled).catch(() => undefined);
    if (oldest === undefined) return null;
    return Math.max(0, Math.round((clock.now().getTime() - oldest.enqueuedTimeUtc.getTime()) / 1000));
  }

  async function partitionState(
    hub: Hub,
    properties: PartitionProperties,
    known: ReadonlyMap<string, CheckpointState> | undefined,
  ): Promise<PartitionState> {
    const { partitionId: partition, lastEnqueuedSequenceNumber: last, isEmpty } = properties;
    const checkpoint = known?.get(partition);
    const settled = checkpoint?.sequenceNumber;
    const before = isEmpty ? last : properties.beginningSequenceNumber - 1;
    const shown = {
      ...{ partition, lastSequenceNumber: last, checkpoint: settled ?? null },
      checkpointAt: checkpoint?.checkpointAt?.toISOString() ?? null,
    };
    if (known === undefined) {
      return { ...shown, state: 'not-measurable', events: null, seconds: null, expired: 0 };
    }
    const expired = settled === undefined ? 0 : Math.max(0, before - settled);
    const events = Math.max(0, last - Math.max(settled ?? before, before));
    if (events === 0) return { ...shown, state: 'current', events, seconds: null, expired };
    const seconds = await waitingSeconds(hub, partition, Math.max(settled ?? before, before));
    return { ...shown, state: isOwned(checkpoint) ? 'behind' : 'no-consumer', events, seconds, expired };
  }

  function throughput(hub: Hub, partitions: readonly PartitionState[]): GroupState['throughput'] {
    const sum = (value: (partition: PartitionState) => number): number =>
      partitions.reduce((total, partition) => total + value(partition), 0);
    const sent = sum(({ lastSequenceNumber }) => lastSequenceNumber);
    const now = { at: Date.now(), sent, settled: sent - sum(({ events }) => events ?? 0) };
    const before = samples.get(hub);
    if (before !== undefined && now.at - before.at < shortest) return null;
    samples.set(hub, now);
    if (before === undefined || now.at - before.at > longest) return null;
    const perSecond = (delta: number): number =>
      Math.max(0, Math.round((delta / (now.at - before.at)) * 1e5) / 100);
    return {
      inPerSecond: perSecond(now.sent - before.sent),
      settledPerSecond: perSecond(now.settled - before.settled),
    };
  }

  async function groupState(hub: Hub): Promise<GroupState> {
    const consumerGroup = consumerGroups[hub];
    const [properties, known] = await Promise.all([
      reader.partitions(hub),
      checkpoints.read(reader.namespace(hub), hub, consumerGroup).catch(() => undefined),
    ]);
    const partitions = await Promise.all(properties.map((one) => partitionState(hub, one, known)));
    const waiting = partitions.map(({ seconds }) => seconds).filter((seconds) => seconds !== null);
    return {
      ...{ hub, consumerGroup, state: worst(partitions.map(({ state }) => state)) },
      events: known === undefined ? null : partitions.reduce((sum, { events }) => sum + (events ?? 0), 0),
      seconds: waiting.length === 0 ? null : Math.max(...waiting),
      throughput: throughput(hub, partitions),
      partitions,
    };
  }

  /** How far behind each reader of each hub is, partition by partition. Throws when the hubs cannot be reached. */
  return (): Promise<GroupState[]> => Promise.all(Object.values(hubs).map(groupState));
}
