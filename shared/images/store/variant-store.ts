import { createHash } from 'node:crypto';
import type { ContainerClient } from '@azure/storage-blob';
import { DarkroomError } from '../../platform/errors.ts';
import { metadataNames, variantBlob } from './blob-layout.ts';
import { createOnce } from './blob-once.ts';
import { deleteBlob } from '../../platform/blobs/delete-blob.ts';
import { atStore, isMissing } from '../../platform/blobs/failures.ts';
import type { Variant } from './ports.ts';

/** Derivative bytes, written once each: what a reader has begun to read never changes under it. */
export interface VariantStore {
  /** Answers the blob's name and the digest of the bytes. */
  put(imageId: string, variant: Variant): Promise<{ path: string; sha256: string }>;
  remove(paths: readonly string[]): Promise<void>;
}

function checkName({ name }: Variant): void {
  if (/^[a-z0-9][a-z0-9-]{0,63}$/.test(name)) return;
  throw new DarkroomError(
    'processor-failed',
    'A variant must have a name of lower-case letters, digits and dashes.',
  );
}

export function makeVariantStore(container: ContainerClient): VariantStore {
  /** False when other bytes have that name. */
  async function putOnce(path: string, variant: Variant, sha256: string): Promise<boolean> {
    const blob = container.getBlockBlobClient(path);
    const outcome = await createOnce(() =>
      blob.upload(variant.bytes, variant.bytes.byteLength, {
        conditions: { ifNoneMatch: '*' },
        metadata: { [metadataNames.sha256]: sha256 },
        blobHTTPHeaders: { blobContentType: variant.contentType },
      }),
    );
    return outcome === 'created' || (await digestOf(path)) === sha256;
  }

  async function digestOf(path: string): Promise<string | undefined> {
    try {
      return (await container.getBlobClient(path).getProperties()).metadata?.[metadataNames.sha256];
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  return {
    put: (imageId, variant) =>
      atStore('storing a derivative', async () => {
        const sha256 = createHash('sha256').update(variant.bytes).digest('hex');
        checkName(variant);
        const path = variantBlob(imageId, variant);
        if (await putOnce(path, variant, sha256)) return { path, sha256 };
        const versioned = variantBlob(imageId, variant, sha256.slice(0, 12));
        if (await putOnce(versioned, variant, sha256)) return { path: versioned, sha256 };
        throw new DarkroomError('unavailable', 'This image is being processed elsewhere at this moment.');
      }),
    async remove(paths) {
      await atStore('deleting derivatives', () =>
        Promise.all(paths.map((path) => deleteBlob(container.getBlobClient(path)))),
      );
    },
  };
}
