import type { BlobBatchClient, BlobClient, BlobServiceClient, ContainerClient } from '@azure/storage-blob';
import pLimit from 'p-limit';
import { containers, type Container } from '../../platform/blobs/containers.ts';
import { discardBlocks } from './blob-once.ts';
import { deleteBlob } from '../../platform/blobs/delete-blob.ts';
import { atStore } from '../../platform/blobs/failures.ts';
import { slices } from '../../platform/slices.ts';
import { prefixesOf } from './blob-layout.ts';

export interface ImageBlob {
  readonly imageId: string;
  readonly container: Container;
  readonly name: string;
  readonly bytes: number;
}

export interface Removal {
  /** What was there and is gone. */
  readonly removed: readonly ImageBlob[];
  /** What was not there. */
  readonly absent: readonly ImageBlob[];
  /** By image id: what could not be deleted, and why. */
  readonly failed: ReadonlyMap<string, unknown>;
}

/** What of images is in the blob stores, and its end. */
export interface ErasureStore {
  /** Everything that lies under the images' ids, so that nothing forgotten stays. */
  list(imageIds: readonly string[]): Promise<ImageBlob[]>;
  /** Deletes blobs, whatever state they are in. One that fails does not keep the others. Asking again is safe. */
  remove(blobs: readonly ImageBlob[]): Promise<Removal>;
}

/** Requests under way at once. */
const parallelRequests = 16;
/** Deletes that one batch request takes. */
const maxBatch = 256;

interface Outcome {
  readonly removed: ImageBlob[];
  readonly absent: ImageBlob[];
  readonly failed: Map<string, unknown>;
}

async function blobsUnder(client: ContainerClient, imageId: string, container: Container, prefix: string) {
  const blobs: ImageBlob[] = [];
  for await (const { name, properties } of client.listBlobsFlat({ prefix, includeUncommitedBlobs: true })) {
    blobs.push({ imageId, container, name, bytes: properties.contentLength ?? 0 });
  }
  return blobs;
}

/** Where bytes wait as blocks before they are a blob. */
const mayHoldBlocks: readonly ImageBlob['container'][] = [containers.raw, containers.uploads];

export function makeErasureStore(service: BlobServiceClient): ErasureStore {
  const limit = pLimit(parallelRequests);
  const batches: BlobBatchClient = service.getBlobBatchClient();
  const clientOf = ({ container, name }: ImageBlob): BlobClient =>
    service.getContainerClient(container).getBlobClient(name);

  const blobsOf = async (imageId: string): Promise<ImageBlob[]> => {
    const found = prefixesOf(imageId).map(([container, prefix]) =>
      blobsUnder(service.getContainerClient(container), imageId, container, prefix),
    );
    return (await Promise.all(found)).flat();
  };

  /** A delete that finds nothing committed may have met staged blocks, which need to be dropped in their own way. */
  const settle = async (blob: ImageBlob, status: number, { removed, absent }: Outcome): Promise<void> => {
    if (status < 300) removed.push(blob);
    else if (status === 409 || status === 412) {
      await deleteBlob(clientOf(blob));
      removed.push(blob);
    } else if (status !== 404) throw new Error(`A delete was answered ${status}.`);
    else {
      if (mayHoldBlocks.includes(blob.container)) await discardBlocks(clientOf(blob).getBlockBlobClient());
      absent.push(blob);
    }
  };

  async function deleteBatch(batch: readonly ImageBlob[], outcome: Outcome): Promise<void> {
    const { subResponses } = await batches.deleteBlobs(batch.map(clientOf), { deleteSnapshots: 'include' });
    const settled = batch.map((blob, index) => ({ blob, status: subResponses[index]?.status ?? 500 }));
    await limit.map(settled, async ({ blob, status }) => {
      try {
        await settle(blob, status, outcome);
      } catch (error) {
        outcome.failed.set(blob.imageId, error);
      }
    });
  }

  return {
    list: (imageIds) =>
      atStore('listing the bytes of images', async () => (await limit.map(imageIds, blobsOf)).flat()),
    async remove(blobs) {
      const outcome: Outcome = { removed: [], absent: [], failed: new Map() };
      for (const batch of slices(blobs, maxBatch)) {
        await atStore('deleting the bytes of images', () => deleteBatch(batch, outcome));
      }
      return outcome;
    },
  };
}
