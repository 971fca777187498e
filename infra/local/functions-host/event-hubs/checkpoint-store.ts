import { BlobCheckpointStore } from '@azure/eventhubs-checkpointstore-blob';
import type { CheckpointStore, PartitionOwnership } from '@azure/event-hubs';
import { BlobServiceClient } from '@azure/storage-blob';

/** Checkpoints where the real host keeps them: container `azure-webjobs-eventhub` of the host's storage. */
export async function openCheckpointStore(hostStorage: string): Promise<CheckpointStore> {
  const container =
    BlobServiceClient.fromConnectionString(hostStorage).getContainerClient('azure-webjobs-eventhub');
  await container.createIfNotExists();
  return new BlobCheckpointStore(container);
}

/**
 * The same store, for a consumer whose name outlives its process: partitions that are still in its name although
 * this process never claimed them belonged to one that was killed, and are shown as given up. So a restarted host
 * reads on at once, not when the claim of the dead one expires. `onLost` is told of a partition that another owner took:
 * the real host sees it with each look at the claims, the client of this one only when it asks for the next events.
 */
export function forRestartedOwner(
  store: CheckpointStore,
  ownerId: string,
  onLost: (partitionId: string) => void,
): CheckpointStore {
  const claimed = new Set<string>();
  const isLeftOver = (ownership: PartitionOwnership) =>
    ownership.ownerId === ownerId && !claimed.has(ownership.partitionId);
  return {
    async listOwnership(...place) {
      const ownerships = await store.listOwnership(...place);
      for (const one of ownerships) {
        if (one.ownerId !== ownerId && claimed.delete(one.partitionId)) onLost(one.partitionId);
      }
      return ownerships.map((one) => (isLeftOver(one) ? { ...one, ownerId: '' } : one));
    },
    async claimOwnership(wanted, options) {
      const ownerships = await store.claimOwnership(wanted, options);
      for (const one of ownerships) {
        if (one.ownerId === ownerId) claimed.add(one.partitionId);
        else claimed.delete(one.partitionId);
      }
      return ownerships;
    },
    updateCheckpoint: (checkpoint, options) => store.updateCheckpoint(checkpoint, options),
    listCheckpoints: (...place) => store.listCheckpoints(...place),
  };
}
