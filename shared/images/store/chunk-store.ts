import { z } from 'zod';
import type { BlockBlobClient, ContainerClient } from '@azure/storage-blob';
import { imageSources } from '../../platform/image-origin.ts';
import { createOnce, discardBlocks } from './blob-once.ts';
import { atStore, isMissing, lostItsBlocks } from '../../platform/blobs/failures.ts';
import type { ChunkSet, StorageWriter } from './ports.ts';
import { rawMetadata } from './raw-metadata.ts';
import { DarkroomError } from '../../platform/errors.ts';

type ChunkStore = Pick<
  StorageWriter,
  | 'stageChunk'
  | 'stagedChunks'
  | 'commitChunks'
  | 'beginChunkSet'
  | 'chunkSets'
  | 'endChunkSet'
  | 'discardChunks'
>;

/** A chunk is the block of that number: arriving twice, it replaces itself. */
const blockId = (index: number): string =>
  Buffer.from(`chunk-${String(index).padStart(6, '0')}`).toString('base64');

const indexOf = (id: string): number => Number(Buffer.from(id, 'base64').toString().slice('chunk-'.length));

const prefix = 'chunk-sets/';

const text = z.string();
const noted = z.object({
  origin: z.object({
    imageId: text,
    owner: text,
    source: z.enum(imageSources),
    uploadedAt: z.iso.datetime().transform((at) => new Date(at)),
    correlationId: text,
  }),
  count: z.int().positive(),
  sha256: text,
  startedAt: z.iso.datetime().transform((at) => new Date(at)),
  record: z.object({ hub: text, partition: text, offset: text, key: text.optional() }),
});

/** Chunks are blocks of the raw blob they become; what is known of a set is a small blob beside the open uploads. */
export function makeChunkStore(raw: ContainerClient, uploads: ContainerClient): ChunkStore {
  const blobOf = (imageId: string): BlockBlobClient => raw.getBlockBlobClient(imageId);
  const noteOf = (imageId: string): BlockBlobClient => uploads.getBlockBlobClient(`${prefix}${imageId}.json`);

  async function read(note: BlockBlobClient): Promise<ChunkSet | undefined> {
    try {
      const { record, ...set } = noted.parse(JSON.parse((await note.downloadToBuffer()).toString()));
      return { ...set, record: { ...record, key: record.key } };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  return {
    async stageChunk(imageId, index, bytes) {
      await atStore('storing a chunk', () =>
        blobOf(imageId).stageBlock(blockId(index), bytes, bytes.byteLength),
      );
    },
    async stagedChunks(imageId) {
      try {
        const { committedBlocks = [], uncommittedBlocks = [] } = await blobOf(imageId).getBlockList('all');
        if (committedBlocks.length > 0) return undefined;
        return uncommittedBlocks.map(({ name, size }) => ({ index: indexOf(name), bytes: size }));
      } catch (error) {
        if (isMissing(error)) return undefined;
        return atStore('listing chunks', () => Promise.reject(error as Error));
      }
    },
    async commitChunks(origin, contentType, count) {
      const ids = Array.from({ length: count }, (_, index) => blockId(index));
      try {
        return await createOnce(() =>
          blobOf(origin.imageId)
            .commitBlockList(ids, {
              conditions: { ifNoneMatch: '*' },
              metadata: rawMetadata(origin),
              blobHTTPHeaders: { blobContentType: contentType },
            })
            .catch((error: unknown) => {
              if (!lostItsBlocks(error)) throw error;
              throw new DarkroomError(
                'chunks-incomplete',
                'Chunks of this image were dropped before it was complete.',
                { cause: error },
              );
            }),
        );
      } catch (error) {
        return atStore('joining the chunks', () => Promise.reject(error as Error));
      }
    },
    async beginChunkSet(set) {
      return atStore('noting a chunked image', async () => {
        const note = noteOf(set.origin.imageId);
        const body = JSON.stringify(set);
        const outcome = await createOnce(() =>
          note.upload(body, Buffer.byteLength(body), {
            conditions: { ifNoneMatch: '*' },
            blobHTTPHeaders: { blobContentType: 'application/json' },
          }),
        );
        return outcome === 'created' ? set : ((await read(note)) ?? set);
      });
    },
    async *chunkSets() {
      for await (const { name } of uploads.listBlobsFlat({ prefix })) {
        const set = await atStore('reading of a chunked image', () => read(uploads.getBlockBlobClient(name)));
        if (set !== undefined) yield set;
      }
    },
    async endChunkSet(imageId) {
      await atStore('forgetting a chunked image', () => noteOf(imageId).deleteIfExists());
    },
    discardChunks: (imageId) => atStore('discarding chunks', () => discardBlocks(blobOf(imageId))),
  };
}
