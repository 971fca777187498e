import type { BlobBatchClient, BlobClient, BlobServiceClient, ContainerClient } from '@azure/storage-blob';
import pLimit from 'p-limit';
import { containers, type Container } from '../../platform/blobs/containers.ts';
import { discardBlocks } from './blob-once.ts';
import { atStore } from '../../platform/blobs/failures.ts';
import { slices } from '../../platform/slices.ts';
import { prefixesOf } from './blob-layout.ts';

/** What an image has in the blob stores. */
export interface ImageBlobs {
  readonly blobs: number;
  readonly bytes: number;
}

export interface ImageBlob {
  readonly imageId: string;
  readonly container: Container;
  readonly name: string;
  readonly bytes: number;
}

/** What of images is in the blob stores, and its end. */
export interface ErasureStore {
  /**
   * Deletes the blobs given, or else everything that a listing finds under the images' ids, so that nothing forgotten
   * stays. An image whose bytes could not all be deleted is in `failed`; asking again is safe.
   */
  remove(
    imageIds: readonly string[],
    blobs?: readonly ImageBlob[],
  ): Promise<{
    /** What was there and is gone. */
    readonly removed: ReadonlyMap<string, ImageBlobs>;
    readonly failed: ReadonlyMap<string, unknown>;
  }>;
}

/** Requests under way at once. */
const parallelRequests = 16;
/** Deletes that one batch request takes. */
const maxBatch = 256;

interface Found {
  readonly imageId: string;
  readonly blob: BlobClient;
  readonly bytes: number;
}

interface Outcome {
  readonly gone: Found[];
  readonly failed: Map<string, unknown>;
}

async function blobsUnder(container: ContainerClient, imageId: string, prefix: string): Promise<Found[]> {
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
  const limit = pLimit(parallelRequests);
  const batches: BlobBatchClient = service.getBlobBatchClient();

  const blobsOf = async (imageId: string): Promise<Found[]> => {
    const found = prefixesOf(imageId).map(([container, prefix]) =>
      blobsUnder(service.getContainerClient(container), imageId, prefix),
    );
    return (await Promise.all(found)).flat();
  };

  const blobsOfAll = (imageIds: readonly string[]): Promise<Found[]> =>
    atStore('listing the bytes of images', async () => (await limit.map(imageIds, blobsOf)).flat());

  /** A delete that finds nothing committed may have met staged blocks, which need to be dropped in their own way. */
  const settle = async (found: Found, status: number, { gone }: Outcome): Promise<void> => {
    if (status < 300) gone.push(found);
    else if (status !== 404) throw new Error(`A delete was answered ${status}.`);
    else if (found.blob.containerName === containers.raw) {
      await discardBlocks(found.blob.getBlockBlobClient());
    }
  };

  async function deleteBatch(batch: readonly Found[], outcome: Outcome): Promise<void> {
    const { subResponses } = await batches.deleteBlobs(batch.map(({ blob }) => blob));
    const settled = batch.map((found, index) => ({ found, status: subResponses[index]?.status ?? 500 }));
    await limit.map(settled, async ({ found, status }) => {
      try {
        await settle(found, status, outcome);
      } catch (error) {
        outcome.failed.set(found.imageId, error);
      }
    });
  }

  return {
    async remove(imageIds, listed) {
      const blobs =
        listed?.map(({ container, name, ...rest }) => ({
          ...rest,
          blob: service.getContainerClient(container).getBlobClient(name),
        })) ?? (await blobsOfAll(imageIds));
      const outcome: Outcome = { gone: [], failed: new Map() };
      for (const batch of slices(blobs, maxBatch)) {
        await atStore('deleting the bytes of images', () => deleteBatch(batch, outcome));
      }
      return { removed: totals(imageIds, outcome.gone), failed: outcome.failed };
    },
  };
}
