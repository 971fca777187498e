import type { BlobServiceClient } from '@azure/storage-blob';
import { containers } from '../../platform/blobs/containers.ts';
import { atStore } from '../../platform/blobs/failures.ts';
import { readBlob } from '../../platform/blobs/read-blob.ts';

/** The records of dead letters, by claim check. */
export interface DeadLetterPayloads {
  /** Undefined when it is gone, with its image or because its time was up. */
  read(claimCheck: string): Promise<Uint8Array | undefined>;
}

export function makeDeadLetterPayloads(service: BlobServiceClient): DeadLetterPayloads {
  const container = service.getContainerClient(containers.deadLetters);
  return {
    read: (claimCheck) =>
      atStore(
        'reading the record of a dead letter',
        async () => (await readBlob(container.getBlobClient(claimCheck)))?.bytes,
      ),
  };
}
