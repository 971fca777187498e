import type { BlockBlobClient, ContainerClient } from '@azure/storage-blob';
import { openUploadBlob, openUploadFolder, openUploadsOf } from '../../store/blob-layout.ts';

/** An empty blob for each open upload of an owner, to count them by. */
export interface OpenMarkers {
  set(owner: string, id: string): Promise<void>;
  clear(owner: string, id: string): Promise<void>;
  /** How many an owner has, counting no further than `max`. */
  count(owner: string, max: number): Promise<number>;
  /** Deletes those that were set before, by the store's own time. */
  drop(before: Date): Promise<void>;
}

export function makeOpenMarkers(container: ContainerClient): OpenMarkers {
  const marker = (owner: string, id: string): BlockBlobClient =>
    container.getBlockBlobClient(openUploadBlob(owner, id));
  return {
    async set(owner, id) {
      await marker(owner, id).upload('', 0);
    },
    async clear(owner, id) {
      await marker(owner, id).deleteIfExists();
    },
    async count(owner, max) {
      let open = 0;
      const listing = container.listBlobsFlat({ prefix: openUploadsOf(owner) });
      for await (const page of listing.byPage({ maxPageSize: max })) {
        open += page.segment.blobItems.length;
        if (open >= max) break;
      }
      return open;
    },
    async drop(before) {
      for await (const blob of container.listBlobsFlat({ prefix: openUploadFolder })) {
        if (blob.properties.lastModified < before) await container.getBlobClient(blob.name).deleteIfExists();
      }
    },
  };
}
