import { BlobCheckpointStore } from '@azure/eventhubs-checkpointstore-blob';
import type { CheckpointStore } from '@azure/event-hubs';
import { BlobServiceClient } from '@azure/storage-blob';

/** Checkpoints where the real host keeps them: container `azure-webjobs-eventhub` of the host's storage. */
export async function openCheckpointStore(hostStorage: string): Promise<CheckpointStore> {
  const container =
    BlobServiceClient.fromConnectionString(hostStorage).getContainerClient('azure-webjobs-eventhub');
  await container.createIfNotExists();
  return new BlobCheckpointStore(container);
}
