import type { Clock } from '../platform/clock.ts';
import { consumerGroups, type ReadHub } from '../stream/hubs.ts';
import type { CheckpointReader } from '../stream/checkpoints.ts';
import type { HubReader } from '../stream/hub-reader.ts';
import { partitionState, type LagState, type PartitionState } from './partition-state.ts';
import { makeThroughput, type Throughput } from './throughput.ts';

export interface GroupState {
  readonly hub: ReadHub;
  readonly consumerGroup: string;
  readonly state: LagState;
  readonly events: number | null;
  readonly seconds: number | null;
  /** Since the last time somebody asked this instance; null the first time. */
  readonly throughput: Throughput | null;
  readonly partitions: readonly PartitionState[];
}

export interface HubStateDependencies {
  readonly reader: HubReader;
  readonly checkpoints: CheckpointReader;
  readonly clock: Clock;
}

const worst = (states: readonly LagState[]): LagState =>
  (['not-measurable', 'no-consumer', 'behind'] as const).find((state) => states.includes(state)) ?? 'current';

/** How far behind its reader a hub is, partition by partition. Throws when the hub cannot be reached. */
export function makeHubState({ reader, checkpoints, clock }: HubStateDependencies) {
  const throughput = makeThroughput();

  async function waitingSeconds(hub: ReadHub, partition: string, settled: number): Promise<number | null> {
    const oldest = await reader.next(hub, partition, settled).catch(() => undefined);
    if (oldest === undefined) return null;
    return Math.max(0, Math.round((clock.now().getTime() - oldest.enqueuedTimeUtc.getTime()) / 1000));
  }

  return async (hub: ReadHub): Promise<GroupState> => {
    const consumerGroup = consumerGroups[hub];
    const [properties, read] = await Promise.all([
      reader.partitions(hub),
      checkpoints.read(reader.namespace(hub), hub, consumerGroup).catch(() => undefined),
    ]);
    const waiting = (partition: string, after: number) => waitingSeconds(hub, partition, after);
    const partitions = await Promise.all(properties.map((each) => partitionState(each, read, waiting)));
    const seconds = partitions.flatMap((partition) => partition.seconds ?? []);
    return {
      ...{ hub, consumerGroup, state: worst(partitions.map(({ state }) => state)) },
      events: read === undefined ? null : partitions.reduce((sum, { events }) => sum + (events ?? 0), 0),
      seconds: seconds.length === 0 ? null : Math.max(...seconds),
      throughput: throughput(hub, partitions),
      partitions,
    };
  };
}
