import type { BlockBlobClient, ContainerClient } from '@azure/storage-blob';
import { atStore, isMissing, lostItsBlocks } from '../../platform/blobs/failures.ts';
import { DarkroomError } from '../../platform/errors.ts';
import type { Origin } from '../../platform/image-origin.ts';
import { rawBlob } from './blob-layout.ts';
import { createOnce, discardBlocks } from './blob-once.ts';
import type { StorageWriter } from './ports.ts';
import { rawMetadata } from './raw-metadata.ts';

type ChunkStore = Pick<StorageWriter, 'stageChunk' | 'stagedChunks' | 'commitChunks' | 'discardChunks'>;

const idPrefix = 'chunk-';

/** A chunk is the block of that number: arriving twice, it replaces itself. */
const blockId = (index: number): string =>
  Buffer.from(`${idPrefix}${String(index).padStart(6, '0')}`).toString('base64');

const indexOf = (id: string): number => Number(Buffer.from(id, 'base64').toString().slice(idPrefix.length));

async function listStaged(blob: BlockBlobClient) {
  try {
    const { committedBlocks = [], uncommittedBlocks = [] } = await blob.getBlockList('all');
    if (committedBlocks.length > 0) return undefined;
    return uncommittedBlocks.map(({ name, size }) => ({ index: indexOf(name), bytes: size }));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function commit(blob: BlockBlobClient, origin: Origin, contentType: string, count: number) {
  const ids = Array.from({ length: count }, (_, index) => blockId(index));
  try {
    await blob.commitBlockList(ids, {
      conditions: { ifNoneMatch: '*' },
      metadata: rawMetadata(origin),
      blobHTTPHeaders: { blobContentType: contentType },
    });
  } catch (error) {
    if (!lostItsBlocks(error)) throw error;
    throw new DarkroomError(
      'chunks-incomplete',
      'Chunks of this image were dropped before it was complete.',
      { cause: error },
    );
  }
}

/** Chunks of an image: blocks of the raw blob that they become. */
export function makeChunkStore(raw: ContainerClient): ChunkStore {
  const blobOf = (imageId: string): BlockBlobClient => raw.getBlockBlobClient(rawBlob(imageId));
  return {
    async stageChunk(imageId, index, bytes) {
      const id = blockId(index);
      await atStore('storing a chunk', () => blobOf(imageId).stageBlock(id, bytes, bytes.byteLength));
    },
    stagedChunks: (imageId) => atStore('listing chunks', () => listStaged(blobOf(imageId))),
    commitChunks: (origin, contentType, count) =>
      atStore('joining the chunks', () =>
        createOnce(() => commit(blobOf(origin.imageId), origin, contentType, count)),
      ),
    discardChunks: (imageId) => atStore('discarding chunks', () => discardBlocks(blobOf(imageId))),
  };
}
