import type { BlobBatchClient } from '@azure/storage-blob';
import { type BlobClient, type BlobServiceClient, type ContainerClient } from '@azure/storage-blob';
import { containers } from '../containers.ts';
import { discardBlocks } from './blob-once.ts';
import { atStore } from './failures.ts';
import { inParallel } from './parallel.ts';

/** What an image has in the blob stores. */
export interface ImageBlobs {
  readonly blobs: number;
  readonly bytes: number;
}

/** Every place of the blob stores that holds bytes of an image, found by listing, so that nothing forgotten stays. */
export interface ErasureStore {
  /** Counts without touching. */
  measure(imageIds: readonly string[]): Promise<ReadonlyMap<string, ImageBlobs>>;
  /** Deletes. An image whose bytes could not all be deleted is in `failed`; asking again is safe. */
  remove(imageIds: readonly string[]): Promise<{
    readonly removed: ReadonlyMap<string, ImageBlobs>;
    readonly failed: ReadonlyMap<string, unknown>;
  }>;
}

/** Listings under way at once. */
const parallelLists = 16;
/** Deletes that one batch request takes. */
const maxBatch = 256;

interface Found {
  readonly imageId: string;
  readonly blob: BlobClient;
  readonly bytes: number;
}

async function found(container: ContainerClient, imageId: string, prefix: string): Promise<Found[]> {
  const blobs: Found[] = [];
  for await (const item of container.listBlobsFlat({ prefix, includeUncommitedBlobs: true })) {
    const blob = container.getBlobClient(item.name);
    blobs.push({ imageId, blob, bytes: item.properties.contentLength ?? 0 });
  }
  return blobs;
}

const totals = (imageIds: readonly string[], blobs: readonly Found[]): ReadonlyMap<string, ImageBlobs> => {
  const byImage = Map.groupBy(blobs, (blob) => blob.imageId);
  return new Map(
    imageIds.map((imageId) => {
      const own = byImage.get(imageId) ?? [];
      return [imageId, { blobs: own.length, bytes: own.reduce((sum, { bytes }) => sum + bytes, 0) }];
    }),
  );
};

export function makeErasureStore(service: BlobServiceClient): ErasureStore {
  const at = (name: keyof typeof containers): ContainerClient => service.getContainerClient(containers[name]);
  const batches: BlobBatchClient = service.getBlobBatchClient();

  const blobsOf = async (imageId: string): Promise<Found[]> => {
    const places = [
      found(at('raw'), imageId, imageId),
      found(at('processed'), imageId, `${imageId}/`),
      found(at('deadLetters'), imageId, `${imageId}/`),
      found(at('uploads'), imageId, `chunk-sets/${imageId}.json`),
      found(at('uploads'), imageId, `tus/${imageId}.`),
    ];
    return (await Promise.all(places)).flat();
  };

  const blobsOfAll = (imageIds: readonly string[]): Promise<Found[]> =>
    atStore('listing the bytes of images', async () =>
      (await inParallel(imageIds, parallelLists, blobsOf)).flat(),
    );

  /** A delete that finds nothing committed may have met staged blocks, which need to be dropped in their own way. */
  const settle = async (blob: BlobClient, status: number): Promise<void> => {
    if (status === 404 && blob.containerName === containers.raw)
      await discardBlocks(blob.getBlockBlobClient());
    else if (status >= 400 && status !== 404) throw new Error(`A delete was answered ${status}.`);
  };

  async function deleteBatch(batch: readonly Found[], failed: Map<string, unknown>): Promise<void> {
    const { subResponses } = await batches.deleteBlobs(batch.map(({ blob }) => blob));
    await Promise.all(
      batch.map(async ({ imageId, blob }, index) => {
        try {
          await settle(blob, subResponses[index]?.status ?? 500);
        } catch (error) {
          failed.set(imageId, error);
        }
      }),
    );
  }

  return {
    measure: async (imageIds) => totals(imageIds, await blobsOfAll(imageIds)),
    async remove(imageIds) {
      const blobs = await blobsOfAll(imageIds);
      const failed = new Map<string, unknown>();
      for (let from = 0; from < blobs.length; from += maxBatch) {
        const batch = blobs.slice(from, from + maxBatch);
        await atStore('deleting the bytes of images', () => deleteBatch(batch, failed));
      }
      return { removed: totals(imageIds, blobs), failed };
    },
  };
}
