import type { BlobItem, BlobServiceClient, BlockBlobClient, ContainerClient } from '@azure/storage-blob';
import pLimit from 'p-limit';
import { containers } from '../../platform/blobs/containers.ts';
import { isImageId } from '../../platform/image-id.ts';
import { discardBlocks } from './blob-once.ts';
import { deleteBlob } from '../../platform/blobs/delete-blob.ts';
import { atStore } from '../../platform/blobs/failures.ts';
import { readBlobText } from '../../platform/blobs/read-blob.ts';
import { firstSeenBlob, imageOfVariant, metadataNames } from './blob-layout.ts';
import type { Origin } from '../../platform/image-origin.ts';
import { readRawMetadata } from './raw-metadata.ts';

/** A blob in `raw`. One without `origin` is no image (yet): its blocks are not committed, or were being dropped. */
export interface RawBlob {
  readonly imageId: string;
  readonly origin: Origin | undefined;
  readonly modifiedAt: Date;
}

export interface ProcessedBlob {
  readonly path: string;
  readonly imageId: string;
  readonly modifiedAt: Date;
}

/** What is really in the stores, page by page, for the sweep to compare with the rows. */
export interface Inventory {
  rawPages(): AsyncIterable<readonly RawBlob[]>;
  processedPages(): AsyncIterable<readonly ProcessedBlob[]>;
  /** Names of dead-letter payloads whose time is up. */
  expiredDeadLetterPayloads(now: Date): AsyncIterable<readonly string[]>;
  deleteDerivatives(paths: readonly string[]): Promise<void>;
  deleteDeadLetterPayloads(names: readonly string[]): Promise<void>;
  /** Drops staged blocks that nobody committed. */
  discardStaged(imageId: string): Promise<void>;
  /** When each uncommitted blob was first seen by a sweep: Azure does not tell its age. */
  readFirstSeen(): Promise<Record<string, string>>;
  writeFirstSeen(seen: Record<string, string>): Promise<void>;
}

const pageSize = 5000;
const parallelDeletes = 16;

const rawBlobOf = ({ name: imageId, metadata, properties }: BlobItem): RawBlob => {
  const origin = readRawMetadata(metadata);
  return { imageId, origin: origin && { ...origin, imageId }, modifiedAt: properties.lastModified };
};

const processedBlobOf = ({ name: path, properties }: BlobItem): ProcessedBlob => ({
  path,
  imageId: imageOfVariant(path),
  modifiedAt: properties.lastModified,
});

async function* pages(container: ContainerClient, { uncommitted = false } = {}) {
  const listing = container
    .listBlobsFlat({ includeMetadata: true, includeUncommitedBlobs: uncommitted })
    .byPage({ maxPageSize: pageSize });
  for await (const page of listing) yield page.segment.blobItems;
}

const deleteAll = (container: ContainerClient, names: readonly string[]): Promise<void> =>
  atStore('deleting what nothing refers to', async () => {
    await pLimit(parallelDeletes).map(names, (name) => deleteBlob(container.getBlobClient(name)));
  });

async function readFirstSeen(blob: BlockBlobClient): Promise<Record<string, string>> {
  return JSON.parse((await readBlobText(blob)) ?? '{}') as Record<string, string>;
}

export function makeInventory(service: BlobServiceClient): Inventory {
  const at = (name: keyof typeof containers) => service.getContainerClient(containers[name]);
  const firstSeen = () => at('uploads').getBlockBlobClient(firstSeenBlob);

  return {
    async *rawPages() {
      for await (const items of pages(at('raw'), { uncommitted: true })) {
        yield items.filter(({ name }) => isImageId(name)).map(rawBlobOf);
      }
    },
    async *processedPages() {
      for await (const items of pages(at('processed'))) yield items.map(processedBlobOf);
    },
    async *expiredDeadLetterPayloads(now) {
      const isExpired = ({ metadata }: BlobItem) =>
        Date.parse(metadata?.[metadataNames.expiresAt] ?? '') <= now.getTime();
      for await (const items of pages(at('deadLetters'))) {
        yield items.filter(isExpired).map(({ name }) => name);
      }
    },
    deleteDerivatives: (paths) => deleteAll(at('processed'), paths),
    deleteDeadLetterPayloads: (names) => deleteAll(at('deadLetters'), names),
    async discardStaged(imageId) {
      await atStore('dropping staged blocks', () => discardBlocks(at('raw').getBlockBlobClient(imageId)));
    },
    readFirstSeen: () => readFirstSeen(firstSeen()),
    async writeFirstSeen(seen) {
      const body = JSON.stringify(seen);
      await firstSeen().upload(body, Buffer.byteLength(body));
    },
  };
}
