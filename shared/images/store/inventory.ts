import type { BlobServiceClient } from '@azure/storage-blob';
import pLimit from 'p-limit';
import { containers } from '../../platform/blobs/containers.ts';
import { isImageId } from '../../platform/image-id.ts';
import { discardBlocks } from './blob-once.ts';
import { atStore, isMissing } from '../../platform/blobs/failures.ts';
import { firstSeenBlob, metadataNames } from './blob-layout.ts';
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

/** What is really in the stores, page by page, for the sweep to hold against the rows. */
export interface Inventory {
  rawPages(): AsyncIterable<readonly RawBlob[]>;
  processedPages(): AsyncIterable<readonly ProcessedBlob[]>;
  /** Names of dead-letter payloads whose time is up. */
  expiredDeadLetterPayloads(now: Date): AsyncIterable<readonly string[]>;
  deleteDerivatives(paths: readonly string[]): Promise<void>;
  deleteDeadLetterPayloads(names: readonly string[]): Promise<void>;
  /** Drops staged blocks that nobody committed. */
  discardStaged(imageId: string): Promise<void>;
  /** When each uncommitted blob was first met by a sweep: Azure does not tell its age. */
  readFirstSeen(): Promise<Record<string, string>>;
  writeFirstSeen(seen: Record<string, string>): Promise<void>;
}

const pageSize = 5000;
const parallelDeletes = 16;

export function makeInventory(service: BlobServiceClient): Inventory {
  const at = (name: keyof typeof containers) => service.getContainerClient(containers[name]);
  const firstSeen = () => at('uploads').getBlockBlobClient(firstSeenBlob);

  async function* pages(name: keyof typeof containers, options: { uncommitted?: boolean } = {}) {
    const listing = at(name)
      .listBlobsFlat({ includeMetadata: true, includeUncommitedBlobs: options.uncommitted === true })
      .byPage({ maxPageSize: pageSize });
    for await (const page of listing) yield page.segment.blobItems;
  }

  const deleteAll = (name: keyof typeof containers, names: readonly string[]): Promise<void> =>
    atStore('deleting what nothing refers to', async () => {
      await pLimit(parallelDeletes).map(names, (blob) => at(name).getBlobClient(blob).deleteIfExists());
    });

  return {
    async *rawPages() {
      for await (const items of pages('raw', { uncommitted: true })) {
        yield items
          .filter((item) => isImageId(item.name))
          .map((item): RawBlob => {
            const metadata = readRawMetadata(item.metadata);
            return {
              imageId: item.name,
              origin: metadata && { ...metadata, imageId: item.name },
              modifiedAt: item.properties.lastModified,
            };
          });
      }
    },
    async *processedPages() {
      for await (const items of pages('processed')) {
        yield items.map((item) => ({
          path: item.name,
          imageId: item.name.split('/')[0]!,
          modifiedAt: item.properties.lastModified,
        }));
      }
    },
    async *expiredDeadLetterPayloads(now) {
      for await (const items of pages('deadLetters')) {
        yield items
          .filter(({ metadata }) => Date.parse(metadata?.[metadataNames.expiresAt] ?? '') <= now.getTime())
          .map(({ name }) => name);
      }
    },
    deleteDerivatives: (paths) => deleteAll('processed', paths),
    deleteDeadLetterPayloads: (names) => deleteAll('deadLetters', names),
    async discardStaged(imageId) {
      await atStore('dropping staged blocks', () => discardBlocks(at('raw').getBlockBlobClient(imageId)));
    },
    async readFirstSeen() {
      try {
        return JSON.parse((await firstSeen().downloadToBuffer()).toString()) as Record<string, string>;
      } catch (error) {
        if (isMissing(error)) return {};
        throw error;
      }
    },
    async writeFirstSeen(seen) {
      const body = JSON.stringify(seen);
      await firstSeen().upload(body, Buffer.byteLength(body));
    },
  };
}
