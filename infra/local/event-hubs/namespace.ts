import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hour, type Clock } from '../../../shared/platform/clock.ts';
import {
  consumerGroups,
  hubs,
  partitionsOf,
  retentionHours,
  type Hub as HubName,
} from '../../../shared/stream/hubs.ts';
import { PartitionLog, type LogOptions } from './log/partition-log.ts';
import { partitionOfKey } from './partition-key.ts';

/** One event hub: its partitions and who may read them. */
export interface EventHub {
  readonly name: HubName;
  readonly createdAt: Date;
  readonly consumerGroups: readonly string[];
  readonly partitions: readonly PartitionLog[];
}

export interface NamespaceOptions extends Pick<LogOptions, 'segmentBytes' | 'sync' | 'onRepair'> {
  readonly dataDir: string;
  readonly partitions: number;
  readonly clock: Clock;
}

const defaultConsumerGroup = '$Default';

/** The hubs of shared/stream/hubs.ts, each a folder of partition logs. */
export class Namespace {
  readonly hubs: ReadonlyMap<string, EventHub>;
  #roundRobin = 0;

  private constructor(opened: readonly EventHub[]) {
    this.hubs = new Map(opened.map((hub) => [hub.name.toLowerCase(), hub]));
  }

  static async open(options: NamespaceOptions): Promise<Namespace> {
    return new Namespace(await Promise.all(Object.values(hubs).map((name) => openHub(name, options))));
  }

  /** Names of hubs are not case sensitive. */
  hub(name: string): EventHub | undefined {
    return this.hubs.get(name.toLowerCase());
  }

  /** The partition for a key, always the same for one; without a key they take turns. */
  choosePartition(hub: EventHub, key: string | undefined): PartitionLog {
    const count = hub.partitions.length;
    const index = key === undefined ? this.#roundRobin++ % count : partitionOfKey(key, count);
    return hub.partitions[index]!;
  }

  get partitions(): readonly PartitionLog[] {
    return [...this.hubs.values()].flatMap((hub) => hub.partitions);
  }

  /** Deletes what is past its retention; returns the number of deleted segments. */
  async enforceRetention(): Promise<number> {
    const deleted = await Promise.all(this.partitions.map((partition) => partition.enforceRetention()));
    return deleted.reduce((sum, count) => sum + count, 0);
  }

  async close(): Promise<void> {
    await Promise.all(this.partitions.map((partition) => partition.close()));
  }
}

async function openHub(name: HubName, options: NamespaceOptions): Promise<EventHub> {
  const directory = join(options.dataDir, 'hubs', name);
  await mkdir(directory, { recursive: true });
  // A hub keeps the partitions it has: fewer would hide records.
  const existing = (await readdir(directory)).filter((entry) => /^\d+$/.test(entry)).length;
  const count = Math.max(existing, partitionsOf(name, options.partitions));
  const retention = retentionHours[name] * hour;
  const partitions = await Promise.all(
    Array.from({ length: count }, (_, index) =>
      PartitionLog.open(join(directory, String(index)), { ...options, retention }),
    ),
  );
  return {
    name,
    createdAt: await readOrMakeTime(join(directory, 'created-at'), options.clock),
    consumerGroups: [defaultConsumerGroup, consumerGroups[name]],
    partitions,
  };
}

/** The time in `file`, which is now when there is none yet: a hub stays as old as it is over restarts. */
async function readOrMakeTime(file: string, clock: Clock): Promise<Date> {
  try {
    await writeFile(file, clock.now().toISOString(), { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return new Date(await readFile(file, 'utf8'));
}
