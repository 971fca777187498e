import type { Readable } from 'node:stream';
import type { BlobServiceClient, ContainerClient } from '@azure/storage-blob';
import type { Seal } from '../../platform/auth/seal.ts';
import type { Clock } from '../../platform/clock.ts';
import { containers } from '../../platform/blobs/containers.ts';
import type { Condition, Database } from '../../database/port.ts';
import type { ViewRow } from '../../database/catalog/index.ts';
import type { ImageSource } from '../../platform/image-origin.ts';
import type { ImageStatus } from '../../database/catalog/imaging.ts';
import { DarkroomError } from '../../platform/errors.ts';
import { readCursor, writeCursor } from '../../platform/paging/cursor.ts';
import { deleteAtOf } from '../../platform/retention.ts';
import { atStore, isMissing } from '../../platform/blobs/failures.ts';
import type { ByteRange, ImageRecord, ImageSummary, StorageReader, StoredVariant } from './ports.ts';
import { readRawMetadata } from './raw-metadata.ts';

export interface StorageReaderDependencies {
  /** Under the reader identity. */
  readonly blobs: BlobServiceClient;
  readonly database: Database;
  readonly clock: Clock;
  readonly seal: Seal;
}

type ImageRow = ViewRow<'storage_reader', 'images'>;
type VariantRow = ViewRow<'storage_reader', 'image_variants'>;
type Fact = ImageSummary['facts'][number];

const recordOf = (row: ImageRow): ImageRecord => ({
  imageId: row.image_id,
  owner: row.owner,
  source: row.source as ImageSource,
  status: row.status as ImageStatus,
  contentType: row.content_type,
  bytes: row.bytes,
  width: row.width,
  height: row.height,
  sha256: row.sha256,
  correlationId: row.correlation_id,
  uploadedAt: row.uploaded_at,
  deleteAt: row.delete_at,
  failure: row.failure_code === null ? null : { code: row.failure_code, message: row.failure_message ?? '' },
});

const variantOf = (row: VariantRow): StoredVariant => ({
  name: row.name,
  contentType: row.content_type,
  width: row.width,
  height: row.height,
  bytes: row.bytes,
  sha256: row.sha256,
  path: row.path,
  processor: row.processor,
  processorVersion: row.processor_version,
});

/** The image while there are only bytes: what the metadata of the raw blob say. */
async function received(raw: ContainerClient, imageId: string): Promise<ImageRecord | undefined> {
  const properties = await atStore('looking for an image', async () => {
    try {
      return await raw.getBlobClient(imageId).getProperties();
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  });
  const origin = readRawMetadata(properties?.metadata);
  if (properties === undefined || origin === undefined) return undefined;
  const { owner, source, uploadedAt, correlationId } = origin;
  return {
    ...{ imageId, owner, source, uploadedAt, correlationId, status: 'received' as const },
    contentType: properties.contentType ?? null,
    bytes: properties.contentLength ?? null,
    ...{ width: null, height: null, sha256: origin.sha256 ?? null, failure: null },
    deleteAt: deleteAtOf(uploadedAt),
  };
}

async function open(container: ContainerClient, name: string, range?: ByteRange): Promise<Readable> {
  return atStore('opening an image', async () => {
    try {
      const [offset, count] =
        range === undefined ? [0, undefined] : [range.start, range.end - range.start + 1];
      const { readableStreamBody } = await container
        .getBlobClient(name)
        .download(offset, count, { maxRetryRequests: 3 });
      return readableStreamBody as Readable;
    } catch (error) {
      if (!isMissing(error)) throw error;
      throw new DarkroomError('not-found', 'The bytes of this image are gone.', { cause: error });
    }
  });
}

const ofImages = (imageIds: readonly string[]) =>
  ({
    where: [{ column: 'image_id', operator: 'in', value: imageIds }],
    orderBy: [
      ['image_id', 'asc'],
      ['name', 'asc'],
    ],
  }) as const;

const byImage = <Row extends { readonly image_id: string }, T>(
  rows: readonly Row[],
  of: (row: Row) => T,
): ReadonlyMap<string, T[]> =>
  new Map([...Map.groupBy(rows, (row) => row.image_id)].map(([imageId, found]) => [imageId, found.map(of)]));

const factOf = ({ name, value }: ViewRow<'storage_reader', 'image_facts'>): Fact => ({ name, value });

/** Reads images for clients. An image is gone at its `deleteAt`, whether or not the purge has come to it. */
export function makeStorageReader({
  blobs,
  database,
  clock,
  seal,
}: StorageReaderDependencies): StorageReader {
  const raw = blobs.getContainerClient(containers.raw);
  const processed = blobs.getContainerClient(containers.processed);
  const ofImage = <Row extends { image_id: string }>(imageId: string): Condition<Row> => ({
    column: 'image_id',
    operator: '=',
    value: imageId,
  });
  const alive = (image: ImageRecord | undefined): ImageRecord | undefined =>
    image !== undefined && image.deleteAt > clock.now() ? image : undefined;

  const findRecord = async (imageId: string): Promise<ImageRecord | undefined> => {
    const [row] = await database.query('storage_reader', 'images', { where: [ofImage(imageId)] });
    return alive(row === undefined ? await received(raw, imageId) : recordOf(row));
  };

  const variantsOf = async (imageIds: readonly string[]): Promise<ReadonlyMap<string, StoredVariant[]>> =>
    imageIds.length === 0
      ? new Map()
      : byImage(await database.query('storage_reader', 'image_variants', ofImages(imageIds)), variantOf);

  const factsOf = async (imageIds: readonly string[]): Promise<ReadonlyMap<string, Fact[]>> =>
    imageIds.length === 0
      ? new Map()
      : byImage(await database.query('storage_reader', 'image_facts', ofImages(imageIds)), factOf);

  return {
    async find(imageId) {
      const image = await findRecord(imageId);
      if (image === undefined) return undefined;
      const [variants, facts, events] = await Promise.all([
        variantsOf([imageId]),
        factsOf([imageId]),
        database.query('storage_reader', 'image_events', {
          where: [ofImage(imageId)],
          orderBy: [['sequence', 'asc']],
        }),
      ]);
      return {
        ...image,
        variants: variants.get(imageId) ?? [],
        facts: facts.get(imageId) ?? [],
        timeline:
          events.length === 0
            ? [{ at: image.uploadedAt, event: 'received', detail: image.source }]
            : events.map(({ at, event, detail }) => ({ at, event, detail })),
      };
    },

    async locate(imageId, variant) {
      const image = await findRecord(imageId);
      if (image === undefined) return undefined;
      if (variant === 'raw' || image.status === 'received') return { image, variant: undefined };
      const [row] = await database.query('storage_reader', 'image_variants', {
        where: [ofImage(imageId), { column: 'name', operator: '=', value: variant }],
      });
      return { image, variant: row && variantOf(row) };
    },

    async list({ owner, status, limit, cursor }) {
      const scope = JSON.stringify([owner ?? null, status ?? null]);
      const place = cursor === undefined ? undefined : readCursor(seal, scope, cursor);
      const where: Condition<ImageRow>[] = [{ column: 'delete_at', operator: '>', value: clock.now() }];
      if (owner !== undefined) where.push({ column: 'owner', operator: '=', value: owner });
      if (status !== undefined) where.push({ column: 'status', operator: '=', value: status });
      const rows = await database.query('storage_reader', 'images', {
        where,
        orderBy: [
          ['uploaded_at', 'desc'],
          ['image_id', 'desc'],
        ],
        ...(place === undefined ? {} : { after: [new Date(place[0] as string), place[1]] }),
        limit: limit + 1,
      });
      const page = rows.slice(0, limit).map(recordOf);
      const imageIds = page.map((image) => image.imageId);
      const [variants, facts] = await Promise.all([variantsOf(imageIds), factsOf(imageIds)]);
      const last = page.at(-1);
      return {
        images: page.map((image) => ({
          ...image,
          variants: variants.get(image.imageId) ?? [],
          facts: facts.get(image.imageId) ?? [],
        })),
        next:
          rows.length > limit && last !== undefined
            ? writeCursor(seal, scope, [last.uploadedAt, last.imageId])
            : null,
      };
    },

    openRaw: (imageId, range) => open(raw, imageId, range),
    openVariant: (path, range) => open(processed, path, range),
  };
}
