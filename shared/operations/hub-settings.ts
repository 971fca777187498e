import type { PartitionProperties } from '@azure/event-hubs';
import type { Log } from '../platform/log.ts';
import type { HubReader } from '../stream/hub-reader.ts';
import {
  consumerGroups,
  hubs,
  hubTier,
  maxEventBytes,
  partitionsOf,
  retentionHours,
  type Hub,
} from '../stream/hubs.ts';

export interface HubSettingsDependencies {
  readonly reader: Pick<HubReader, 'partitions' | 'createdAt' | 'next'>;
  /** What was deployed; undefined where nobody said. */
  readonly template: {
    readonly partitions: number | undefined;
    readonly maximumUnits: number | undefined;
  };
  readonly log: Log;
}

interface Kept {
  readonly events: number;
  readonly bytes: number | null;
  readonly oldestAt: Date | null;
}

interface Actual {
  readonly problem: 'missing' | 'not-reached' | null;
  readonly createdAt: Date | null;
  readonly partitions: number | null;
  readonly kept: Kept | null;
}

const isMissing = (error: unknown): boolean =>
  (error as { code?: unknown }).code === 'MessagingEntityNotFoundError';

const nothing: Kept = { events: 0, bytes: 0, oldestAt: null };

function together(one: Kept, other: Kept): Kept {
  const oldest = [one.oldestAt, other.oldestAt].flatMap((at) => at?.getTime() ?? []);
  return {
    events: one.events + other.events,
    bytes: one.bytes === null || other.bytes === null ? null : one.bytes + other.bytes,
    oldestAt: oldest.length === 0 ? null : new Date(Math.min(...oldest)),
  };
}

export function makeHubSettings({ reader, template, log }: HubSettingsDependencies) {
  /** Offsets count bytes (Event Hubs' features, "Stream offsets"): what lies between the first and the last is its size. */
  async function keptIn(hub: Hub, partition: PartitionProperties): Promise<Kept> {
    const {
      partitionId,
      isEmpty,
      beginningSequenceNumber: first,
      lastEnqueuedSequenceNumber: last,
    } = partition;
    if (isEmpty) return nothing;
    const oldest = await reader.next(hub, partitionId, first - 1);
    const bytes = Number(partition.lastEnqueuedOffset) - Number(oldest?.offset ?? Number.NaN);
    return {
      events: last - first + 1,
      bytes: Number.isSafeInteger(bytes) && bytes >= 0 ? bytes : null,
      oldestAt: oldest?.enqueuedTimeUtc ?? null,
    };
  }

  async function actualOf(hub: Hub): Promise<Actual> {
    try {
      const [createdAt, partitions] = await Promise.all([reader.createdAt(hub), reader.partitions(hub)]);
      const kept = await Promise.all(partitions.map((partition) => keptIn(hub, partition)));
      const sum = kept.reduce(together, nothing);
      return { problem: null, createdAt, partitions: partitions.length, kept: sum };
    } catch (error) {
      log.error('hub.settings-unknown', error, { hub });
      const problem = isMissing(error) ? 'missing' : 'not-reached';
      return { problem, createdAt: null, partitions: null, kept: null };
    }
  }

  async function settingsOf(hub: Hub) {
    const { partitions: actual, ...rest } = await actualOf(hub);
    const wanted = template.partitions === undefined ? null : partitionsOf(hub, template.partitions);
    return {
      ...{ hub, consumerGroup: consumerGroups[hub] },
      ...rest,
      partitions: {
        ...{ actual, template: wanted },
        differs: actual !== null && wanted !== null && actual !== wanted,
      },
      retentionHours: retentionHours[hub],
      largestEventBytes: maxEventBytes,
    };
  }

  /** Each hub as it is and as the template has it. Retention and throughput units only Azure's management would tell. */
  return async () => ({
    hubs: await Promise.all(Object.values(hubs).map(settingsOf)),
    namespace: { ...hubTier, maximumUnits: template.maximumUnits ?? null },
  });
}
