import type { BlobClient } from '@azure/storage-blob';
import type { ViewRow } from '../../database/catalog/index.ts';
import type { ImageStatus } from '../../database/catalog/imaging.ts';
import { atStore, isMissing } from '../../platform/blobs/failures.ts';
import type { ImageSource } from '../../platform/image-origin.ts';
import { deleteAtOf } from '../../platform/retention.ts';
import type { ImageRecord } from './ports.ts';
import { readRawMetadata } from './raw-metadata.ts';

export type ImageRow = ViewRow<'storage_reader', 'images'>;

export const imageRecord = (row: ImageRow): ImageRecord => ({
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
  fileName: row.file_name,
  uploadedAt: row.uploaded_at,
  deleteAt: row.delete_at,
  failure: row.failure_code === null ? null : { code: row.failure_code, message: row.failure_message ?? '' },
});

/** The image while there are only bytes: what the metadata of the raw blob say. */
export async function receivedImage(blob: BlobClient, imageId: string): Promise<ImageRecord | undefined> {
  const properties = await atStore('looking for an image', async () => {
    try {
      return await blob.getProperties();
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
    fileName: origin.fileName ?? null,
    deleteAt: deleteAtOf(uploadedAt),
  };
}
