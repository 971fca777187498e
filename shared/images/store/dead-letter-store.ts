import { createHash } from 'node:crypto';
import type { ContainerClient } from '@azure/storage-blob';
import { deadLetterBlob, metadataNames } from './blob-layout.ts';
import { createOnce } from './blob-once.ts';
import type { StorageWriter } from './ports.ts';
import { unknownMediaType } from '../../platform/media-types.ts';
import { deleteBlob } from '../../platform/blobs/delete-blob.ts';
import { atStore } from '../../platform/blobs/failures.ts';

type DeadLetterStore = Pick<StorageWriter, 'storeDeadLetterPayload' | 'deleteDeadLetterPayload'> & {
  /** Throws what a write would throw. */
  tryWrite(): Promise<void>;
};

/** Written and deleted, to know whether it can be. */
const probeBlob = 'probe';

/** The records of dead letters, each named after its image (where known) and its digest. */
export function makeDeadLetterStore(container: ContainerClient): DeadLetterStore {
  return {
    async storeDeadLetterPayload(imageId, bytes, expiresAt) {
      const digest = createHash('sha256').update(bytes).digest('hex');
      const name = deadLetterBlob(imageId, digest);
      await atStore('storing the record of a dead letter', () =>
        createOnce(() =>
          container.getBlockBlobClient(name).upload(bytes, bytes.byteLength, {
            conditions: { ifNoneMatch: '*' },
            metadata: { [metadataNames.expiresAt]: expiresAt.toISOString() },
            blobHTTPHeaders: { blobContentType: unknownMediaType },
          }),
        ),
      );
      return name;
    },
    async tryWrite() {
      const blob = container.getBlockBlobClient(probeBlob);
      await blob.upload('', 0);
      await blob.deleteIfExists();
    },
    async deleteDeadLetterPayload(claimCheck) {
      await atStore('deleting the record of a dead letter', () =>
        deleteBlob(container.getBlobClient(claimCheck)),
      );
    },
  };
}
