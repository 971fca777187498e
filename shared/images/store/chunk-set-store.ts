import { z } from 'zod';
import type { BlockBlobClient, ContainerClient } from '@azure/storage-blob';
import { atStore } from '../../platform/blobs/failures.ts';
import { readBlobText } from '../../platform/blobs/read-blob.ts';
import { imageSources } from '../../platform/image-origin.ts';
import { chunkSetBlob, chunkSetFolder } from './blob-layout.ts';
import { createOnce } from './blob-once.ts';
import type { ChunkSet, StorageWriter } from './ports.ts';

type ChunkSetStore = Pick<StorageWriter, 'beginChunkSet' | 'findChunkSet' | 'chunkSets' | 'endChunkSet'>;

const text = z.string();
const instant = z.iso.datetime().transform((at) => new Date(at));
const chunkSet = z.object({
  origin: z.object({
    imageId: text,
    owner: text,
    source: z.enum(imageSources),
    uploadedAt: instant,
    correlationId: text,
    sender: z.object({ id: text, source: text.optional() }).optional(),
  }),
  count: z.int().positive(),
  sha256: text,
  startedAt: instant,
  record: z.object({ hub: text, partition: text, offset: text, key: text.optional() }),
});

async function read(blob: BlockBlobClient): Promise<ChunkSet | undefined> {
  const found = await readBlobText(blob);
  if (found === undefined) return undefined;
  const { record, ...set } = chunkSet.parse(JSON.parse(found));
  return { ...set, record: { ...record, key: record.key } };
}

async function begin(blob: BlockBlobClient, set: ChunkSet): Promise<ChunkSet> {
  const body = JSON.stringify(set);
  const outcome = await createOnce(() =>
    blob.upload(body, Buffer.byteLength(body), {
      conditions: { ifNoneMatch: '*' },
      blobHTTPHeaders: { blobContentType: 'application/json' },
    }),
  );
  return outcome === 'created' ? set : ((await read(blob)) ?? set);
}

/** Chunk sets of images whose chunks are arriving: a small blob each, beside the open uploads. */
export function makeChunkSetStore(uploads: ContainerClient): ChunkSetStore {
  const blobOf = (imageId: string) => uploads.getBlockBlobClient(chunkSetBlob(imageId));
  return {
    beginChunkSet: (set) => atStore('recording a chunk set', () => begin(blobOf(set.origin.imageId), set)),
    findChunkSet: (imageId) => atStore('reading a chunk set', () => read(blobOf(imageId))),
    async *chunkSets() {
      for await (const { name } of uploads.listBlobsFlat({ prefix: chunkSetFolder })) {
        const set = await atStore('reading a chunk set', () => read(uploads.getBlockBlobClient(name)));
        if (set !== undefined) yield set;
      }
    },
    async endChunkSet(imageId) {
      await atStore('deleting a chunk set', () => blobOf(imageId).deleteIfExists());
    },
  };
}
