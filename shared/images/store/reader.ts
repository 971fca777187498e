import type { Readable } from 'node:stream';
import type { BlobClient, BlobServiceClient } from '@azure/storage-blob';
import type { Database } from '../../database/port.ts';
import { containers } from '../../platform/blobs/containers.ts';
import { atStore } from '../../platform/blobs/failures.ts';
import type { Clock } from '../../platform/clock.ts';
import { DarkroomError } from '../../platform/errors.ts';
import { rawBlob } from './blob-layout.ts';
import { makeImageQueries } from './image-queries.ts';
import { imageRecord, receivedImage } from './image-record.ts';
import { makeListImages, withDetails } from './list-images.ts';
import { openBlob } from './open-blob.ts';
import type { ByteRange, ImageRecord, StorageReader } from './ports.ts';

export interface StorageReaderDependencies {
  /** Under the reader identity. */
  readonly blobs: BlobServiceClient;
  readonly database: Database;
  readonly clock: Clock;
}

async function open(blob: BlobClient, range?: ByteRange): Promise<Readable> {
  const bytes = await atStore('opening an image', () => openBlob(blob, range));
  if (bytes === undefined) throw new DarkroomError('not-found', 'The bytes of this image are gone.');
  return bytes;
}

/** Reads images for clients. An image is gone at its `deleteAt`, whether or not the purge has come to it. */
export function makeStorageReader(dependencies: StorageReaderDependencies): StorageReader {
  const { blobs, database, clock } = dependencies;
  const raw = (imageId: string) => blobs.getContainerClient(containers.raw).getBlobClient(rawBlob(imageId));
  const processed = (path: string) => blobs.getContainerClient(containers.processed).getBlobClient(path);
  const queries = makeImageQueries(database);

  /** Of an image without a row. One that was rejected since the rows were read has its row, and no bytes any more. */
  const withoutRow = async (imageId: string): Promise<ImageRecord | undefined> => {
    const received = await receivedImage(raw(imageId), imageId);
    if (received !== undefined) return received;
    const row = await queries.row(imageId);
    return row && imageRecord(row);
  };

  const findRecord = async (imageId: string): Promise<ImageRecord | undefined> => {
    const row = await queries.row(imageId);
    const image = row === undefined ? await withoutRow(imageId) : imageRecord(row);
    return image !== undefined && image.deleteAt > clock.now() ? image : undefined;
  };

  return {
    async find(imageId) {
      const image = await findRecord(imageId);
      if (image === undefined) return undefined;
      const [variants, facts, timeline] = await Promise.all([
        queries.variants([imageId]),
        queries.facts([imageId]),
        queries.timeline(imageId),
      ]);
      const received = { at: image.uploadedAt, event: 'received', detail: image.source };
      return {
        ...image,
        variants: variants.get(imageId) ?? [],
        facts: facts.get(imageId) ?? [],
        timeline: timeline.length === 0 ? [received] : timeline,
      };
    },
    async findAll(imageIds) {
      const rows = new Map((await queries.rows(imageIds)).map((row) => [row.image_id, imageRecord(row)]));
      const found = await Promise.all(
        imageIds.map(async (imageId) => rows.get(imageId) ?? withoutRow(imageId)),
      );
      const isThere = (image: ImageRecord | undefined): image is ImageRecord =>
        image !== undefined && image.deleteAt > clock.now();
      return withDetails(queries, found.filter(isThere));
    },
    async locate(imageId, variant) {
      // One look-up: each image of a gallery is one such wait.
      const located = variant === 'raw' ? undefined : await queries.located(imageId, variant);
      if (located !== undefined) return located.image.deleteAt > clock.now() ? located : undefined;
      const image = await findRecord(imageId);
      return image && { image, variant: undefined };
    },
    list: makeListImages({ ...dependencies, queries }),
    openRaw: (imageId, range) => open(raw(imageId), range),
    openVariant: (path, range) => open(processed(path), range),
  };
}
