import { createHash } from 'node:crypto';
import type { ContainerClient } from '@azure/storage-blob';
import { DarkroomError } from '../../platform/errors.ts';
import { createOnce } from './blob-once.ts';
import { atStore, isMissing } from '../../platform/blobs/failures.ts';
import type { Variant } from './ports.ts';

/** Derivative bytes, written once each: what a reader has begun to read never changes under it. */
export interface VariantStore {
  /** Answers the blob's name and the digest of the bytes. */
  put(imageId: string, variant: Variant): Promise<{ path: string; sha256: string }>;
  remove(paths: readonly string[]): Promise<void>;
}

const extensions: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'image/avif': 'avif',
  'image/bmp': 'bmp',
  'image/tiff': 'tif',
};

/** `{imageId}/{variant}.{ext}`; a later version of the same variant has part of its digest in the name. */
function pathOf(imageId: string, variant: Variant, version?: string): string {
  if (!/^[a-z0-9][a-z0-9-]{0,63}$/.test(variant.name)) {
    throw new DarkroomError(
      'processor-failed',
      'A variant must have a name of lower-case letters, digits and dashes.',
    );
  }
  const name = version === undefined ? variant.name : `${variant.name}.${version}`;
  return `${imageId}/${name}.${extensions[variant.contentType] ?? 'bin'}`;
}

export function makeVariantStore(container: ContainerClient): VariantStore {
  /** False when other bytes have that name. */
  async function putOnce(path: string, variant: Variant, sha256: string): Promise<boolean> {
    const blob = container.getBlockBlobClient(path);
    const outcome = await createOnce(() =>
      blob.upload(variant.bytes, variant.bytes.byteLength, {
        conditions: { ifNoneMatch: '*' },
        metadata: { sha256 },
        blobHTTPHeaders: { blobContentType: variant.contentType },
      }),
    );
    return outcome === 'created' || (await digestOf(path)) === sha256;
  }

  async function digestOf(path: string): Promise<string | undefined> {
    try {
      return (await container.getBlobClient(path).getProperties()).metadata?.['sha256'];
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  return {
    put: (imageId, variant) =>
      atStore('storing a derivative', async () => {
        const sha256 = createHash('sha256').update(variant.bytes).digest('hex');
        const path = pathOf(imageId, variant);
        if (await putOnce(path, variant, sha256)) return { path, sha256 };
        const versioned = pathOf(imageId, variant, sha256.slice(0, 12));
        if (await putOnce(versioned, variant, sha256)) return { path: versioned, sha256 };
        throw new DarkroomError('unavailable', 'This image is being processed elsewhere at this moment.');
      }),
    async remove(paths) {
      await atStore('deleting derivatives', () =>
        Promise.all(paths.map((path) => container.getBlobClient(path).deleteIfExists())),
      );
    },
  };
}
