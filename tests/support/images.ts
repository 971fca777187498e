import { createHash, randomUUID } from 'node:crypto';
import { day } from '../../shared/platform/clock.ts';
import { containers } from '../../shared/platform/blobs/containers.ts';
import type { ImageSource } from '../../shared/platform/image-origin.ts';
import type { Database } from '../../shared/database/port.ts';
import { blobService } from '../../shared/platform/blobs/blob-service.ts';
import { rawMetadata } from '../../shared/images/store/raw-metadata.ts';

export const originalBytes = new TextEncoder().encode('the original bytes of an image');
export const previewBytes = new TextEncoder().encode('0123456789');

export const hexDigest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export interface ImageOptions {
  /** Milliseconds since it was uploaded. */
  readonly age?: number;
  readonly source?: ImageSource;
  /** What its sender called it. */
  readonly fileName?: string;
}

/** Puts images into real stores as the pipeline leaves them at each step, without the pipeline. */
export function imageMaker(storage: string, database: Database) {
  const call = { actor: 'service:test' };

  async function put(
    container: string,
    name: string,
    bytes: Uint8Array,
    metadata: Record<string, string> = {},
  ) {
    await blobService(storage)
      .getContainerClient(container)
      .getBlockBlobClient(name)
      .upload(bytes, bytes.byteLength, { metadata, blobHTTPHeaders: { blobContentType: 'image/png' } });
  }

  async function process(imageId: string, bytes: Uint8Array = previewBytes, version = '1') {
    const path = `${imageId}/preview-${version}.png`;
    await put(containers.processed, path, bytes);
    const made = { processor: 'preview', processorVersion: version };
    const facts = [{ name: 'blurhash', value: 'LEHV6n', ...made }];
    const variant = { name: 'preview', contentType: 'image/png', width: 4, height: 3, path, ...made };
    const variants = [{ ...variant, bytes: bytes.byteLength, sha256: hexDigest(bytes) }];
    const parameters = { image_id: imageId, variants, facts, at: new Date() };
    await database.execute('storage_writer', 'save_variants', parameters, call);
  }

  async function make(
    owner: string,
    until: 'received' | 'stored' | 'processed' | 'rejected' | 'failed',
    { age = 0, source = 'http', fileName }: ImageOptions = {},
  ): Promise<string> {
    const imageId = randomUUID();
    const uploadedAt = new Date(Date.now() - age);
    const life = {
      ...{ image_id: imageId, owner, source, correlation_id: 'c-1', at: new Date() },
      ...{ uploaded_at: uploadedAt, delete_at: new Date(uploadedAt.getTime() + 7 * day) },
      file_name: fileName ?? null,
    };
    if (until === 'rejected') {
      const failure = { code: 'unsupported-type', message: 'Not an image.' };
      await database.execute('storage_writer', 'reject_image', { ...life, ...failure }, call);
      return imageId;
    }
    const named = fileName === undefined ? {} : { fileName };
    const origin = { imageId, owner, source, uploadedAt, correlationId: 'c-1', ...named };
    await put(containers.raw, imageId, originalBytes, rawMetadata(origin));
    if (until === 'received') return imageId;
    const size = { bytes: originalBytes.byteLength, width: 4, height: 3 };
    const facts = { content_type: 'image/png', ...size, sha256: hexDigest(originalBytes) };
    await database.execute('storage_writer', 'save_image', { ...life, ...facts }, call);
    if (until === 'processed') await process(imageId);
    if (until === 'failed') {
      const failure = { code: 'processing-timeout', message: 'It took too long.' };
      await database.execute('storage_writer', 'fail_image', { ...life, ...failure }, call);
    }
    return imageId;
  }

  return { make, process, put };
}

/** Every blob of an image, whichever container it is in. */
export async function blobsOf(storage: string, imageId: string): Promise<string[]> {
  const names: string[] = [];
  for (const container of Object.values(containers)) {
    const listing = blobService(storage)
      .getContainerClient(container)
      .listBlobsFlat({ includeUncommitedBlobs: true });
    for await (const { name } of listing) if (name.includes(imageId)) names.push(`${container}/${name}`);
  }
  return names;
}
