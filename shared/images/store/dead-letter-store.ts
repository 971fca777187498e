import { createHash } from 'node:crypto';
import type { ContainerClient } from '@azure/storage-blob';
import { deadLetterBlob, metadataNames } from './blob-layout.ts';
import { createOnce } from './blob-once.ts';
import { unknownMediaType } from '../../platform/media-types.ts';
import { atStore } from '../../platform/blobs/failures.ts';

/** Payloads of dead letters that did not fit the hub, each named after its image (where known) and its digest. */
export function makeDeadLetterStore(container: ContainerClient) {
  return {
    async storeDeadLetterPayload(
      imageId: string | undefined,
      bytes: Uint8Array,
      expiresAt: Date,
    ): Promise<string> {
      const digest = createHash('sha256').update(bytes).digest('hex');
      const name = deadLetterBlob(imageId, digest);
      await atStore('storing the payload of a dead letter', () =>
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
  };
}
