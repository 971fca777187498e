import { setTimeout as sleep } from 'node:timers/promises';
import { latestEventPosition, type PartitionOwnership } from '@azure/event-hubs';
import { BlobCheckpointStore } from '@azure/eventhubs-checkpointstore-blob';
import type { BlobServiceClient, ContainerClient } from '@azure/storage-blob';
import { DarkroomError } from '../platform/errors.ts';
import { checkpointContainer } from './checkpoints.ts';
import { openConsumer } from './hub-reader.ts';
import type { EventHubsAddress } from './event-sender.ts';
import { consumerGroups, type ReadHub } from './hubs.ts';

/** The last event that counts as read; `beginning`: there is none, so that the host begins with what the hub has. */
export type NewCheckpoint = { readonly offset: string; readonly sequenceNumber: number } | 'beginning';

export interface MoveCheckpointDependencies {
  /** The storage accounts of the function hosts. */
  readonly accounts: readonly BlobServiceClient[];
  readonly address: EventHubsAddress;
  /**
   * How long the partition is kept from its host. Twice as long as a host may take to see it (`loadBalancingUpdateInterval` in
   * host.json); then it drops what it had in memory, and does not write its own checkpoint over ours. Milliseconds.
   */
  readonly holdMs: number;
}

/** One owner a partition: of one that had several, hosts that have none would take theirs back, to share the load evenly. */
const ownerOf = (partition: string): string => `darkroom-operations-${partition}`;
const maxClaims = 10;

interface Place {
  readonly fullyQualifiedNamespace: string;
  readonly eventHubName: ReadHub;
  readonly consumerGroup: string;
  readonly partitionId: string;
}

/** Where the host that reads the partition keeps its state: of the accounts of a pair of regions, the one written to last. */
async function containerOf(accounts: readonly BlobServiceClient[], place: Place): Promise<ContainerClient> {
  const { fullyQualifiedNamespace, eventHubName, consumerGroup, partitionId } = place;
  const name =
    `${fullyQualifiedNamespace}/${eventHubName}/${consumerGroup}/ownership/${partitionId}`.toLowerCase();
  const found = await Promise.allSettled(
    accounts.map(async (account) => {
      const container = account.getContainerClient(checkpointContainer);
      const { lastModified } = await container.getBlobClient(name).getProperties();
      return { container, at: lastModified?.getTime() ?? 0 };
    }),
  );
  const [latest] = found
    .filter((one) => one.status === 'fulfilled')
    .map(({ value }) => value)
    .sort((one, other) => other.at - one.at);
  if (latest !== undefined) return latest.container;
  throw new DarkroomError('wrong-state', `No host has read partition ${partitionId} of ${eventHubName} yet.`);
}

/** Its owner renews its claim all the time, so the etag may be old when it is shown. */
async function claim(store: BlobCheckpointStore, place: Place): Promise<PartitionOwnership> {
  for (let tries = 0; tries < maxClaims; tries += 1) {
    const { fullyQualifiedNamespace, eventHubName, consumerGroup, partitionId } = place;
    const all = await store.listOwnership(fullyQualifiedNamespace, eventHubName, consumerGroup);
    const etag = all.find((one) => one.partitionId === partitionId)?.etag;
    const [claimed] = await store.claimOwnership([
      { ...place, ownerId: ownerOf(partitionId), ...(etag === undefined ? {} : { etag }) },
    ]);
    if (claimed !== undefined) return claimed;
  }
  throw new DarkroomError(
    'unavailable',
    `The owner of partition ${place.partitionId} does not let go of it.`,
  );
}

/** Hosts read at 0. While a receiver of a higher level is there, theirs is ended, and refused. */
const ownerLevel = 1;

/** A receiver that ends the link of the one that reads. Resolves when it is there. */
async function takeLink(address: EventHubsAddress, place: Place): Promise<() => Promise<void>> {
  const client = openConsumer(address, place.eventHubName, place.consumerGroup);
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const subscription = client.subscribe(
    place.partitionId,
    {
      processEvents: () => {
        resolve(undefined);
        return Promise.resolve();
      },
      processError: (error) => {
        reject(error);
        return Promise.resolve();
      },
    },
    { startPosition: latestEventPosition, ownerLevel, maxWaitTimeInSeconds: 1 },
  );
  const close = async (): Promise<void> => {
    await subscription.close();
    await client.close();
  };
  try {
    await promise;
    return close;
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * Moves the checkpoint of a partition as a load balancer moves the partition itself: claims the ownership, takes the link,
 * writes, and releases both, so that the host's own processor takes the partition up at the new checkpoint.
 */
export function makeMoveCheckpoint({ accounts, address, holdMs }: MoveCheckpointDependencies) {
  async function write(container: ContainerClient, place: Place, to: NewCheckpoint): Promise<void> {
    if (to !== 'beginning') {
      await new BlobCheckpointStore(container).updateCheckpoint({ ...place, ...to });
      return;
    }
    const { fullyQualifiedNamespace, eventHubName, consumerGroup, partitionId } = place;
    const name = `${fullyQualifiedNamespace}/${eventHubName}/${consumerGroup}/checkpoint/${partitionId}`;
    await container.getBlobClient(name.toLowerCase()).deleteIfExists();
  }

  return async (namespace: string, hub: ReadHub, partition: string, to: NewCheckpoint): Promise<void> => {
    const place: Place = {
      ...{ fullyQualifiedNamespace: namespace, eventHubName: hub },
      ...{ consumerGroup: consumerGroups[hub], partitionId: partition },
    };
    const container = await containerOf(accounts, place);
    const store = new BlobCheckpointStore(container);
    const claimed = await claim(store, place);
    try {
      const releaseLink = await takeLink(address, place);
      try {
        await sleep(holdMs);
        await write(container, place, to);
      } finally {
        await releaseLink();
      }
    } finally {
      await store.claimOwnership([{ ...claimed, ownerId: '' }]);
    }
  };
}

export type MoveCheckpoint = ReturnType<typeof makeMoveCheckpoint>;
