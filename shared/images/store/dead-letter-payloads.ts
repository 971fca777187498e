import type { BlobServiceClient } from '@azure/storage-blob';
import { containers } from '../../platform/blobs/containers.ts';
import { atStore, isMissing } from '../../platform/blobs/failures.ts';

/** The records of dead letters, by claim check. */
export interface DeadLetterPayloads {
  /** Undefined when it is gone, with its image or because its time was up. */
  read(claimCheck: string): Promise<Uint8Array | undefined>;
}

export function makeDeadLetterPayloads(service: BlobServiceClient): DeadLetterPayloads {
  const container = service.getContainerClient(containers.deadLetters);
  return {
    read: (claimCheck) =>
      atStore('reading the record of a dead letter', async () => {
        try {
          return await container.getBlobClient(claimCheck).downloadToBuffer();
        } catch (error) {
          if (isMissing(error)) return undefined;
          throw error;
        }
      }),
  };
}
