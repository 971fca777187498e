import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { BlobDownloadResponseParsed, BlockBlobClient, ContainerClient } from '@azure/storage-blob';
import { deleteBlob } from '../../platform/blobs/delete-blob.ts';
import { atStore, isMissing, storageFailure } from '../../platform/blobs/failures.ts';
import { DarkroomError } from '../../platform/errors.ts';
import { unknownMediaType } from '../../platform/media-types.ts';
import { rawBlob } from './blob-layout.ts';
import { discardBlocks } from './blob-once.ts';
import { downloadBlob, openBlob } from './open-blob.ts';
import type { OpenedRaw, StorageWriter, RawOrigin } from './ports.ts';
import { putRaw, tooLarge } from './put-raw.ts';
import { readRawMetadata } from './raw-metadata.ts';
import { RawUpload } from './raw-upload.ts';

type RawStore = Pick<StorageWriter, 'storeRaw' | 'rawOrigin' | 'openRaw' | 'openWithOrigin' | 'deleteRaw'>;

type Properties = Pick<BlobDownloadResponseParsed, 'metadata' | 'contentType' | 'contentLength'>;

/** The name is taken, but by no image: what a process left that died while it discarded blocks goes now. */
async function contested(blob: BlockBlobClient): Promise<DarkroomError> {
  await atStore('clearing the place of the image', () => discardBlocks(blob));
  return new DarkroomError(
    'unavailable',
    'This image is being stored or discarded at this moment; send it again.',
  );
}

async function open(blob: BlockBlobClient): Promise<AsyncIterable<Uint8Array>> {
  const bytes = await atStore('reading the image', () => openBlob(blob));
  if (bytes !== undefined) return guarded(bytes);
  throw new DarkroomError('claim-check-missing', 'The bytes of the image are not in the store.');
}

/** A connection that breaks half way is an outage too. */
async function* guarded(bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  try {
    yield* bytes;
  } catch (error) {
    throw storageFailure(error, 'reading the image');
  }
}

async function digestOfStored(blob: BlockBlobClient): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of await open(blob)) hash.update(chunk);
  return hash.digest('hex');
}

function originIn(imageId: string, properties: Properties): RawOrigin | undefined {
  const { metadata, contentType = unknownMediaType, contentLength: bytes = 0 } = properties;
  const origin = readRawMetadata(metadata);
  return origin && { ...origin, imageId, contentType, bytes };
}

async function originOf(blob: BlockBlobClient, imageId: string): Promise<RawOrigin | undefined> {
  try {
    return originIn(imageId, await blob.getProperties());
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function openWithOrigin(blob: BlockBlobClient, imageId: string): Promise<OpenedRaw | undefined> {
  const answer = await atStore('reading the image', () => downloadBlob(blob));
  if (answer === undefined) return undefined;
  const body = answer.readableStreamBody as Readable;
  // A failure before somebody reads is met by whoever reads.
  body.on('error', () => undefined);
  const origin = originIn(imageId, answer);
  if (origin !== undefined) return { origin, bytes: guarded(body), close: () => void body.destroy() };
  body.destroy();
  return undefined;
}

export function makeRawStore(container: ContainerClient): RawStore {
  const blobOf = (imageId: string): BlockBlobClient => container.getBlockBlobClient(rawBlob(imageId));

  return {
    async storeRaw(origin, contentType, bytes, { maxBytes, length }) {
      const announced = bytes instanceof Uint8Array ? bytes.byteLength : length;
      if (announced !== undefined && announced > maxBytes) throw tooLarge(maxBytes);
      const blob = blobOf(origin.imageId);
      const upload = new RawUpload(blob, origin, contentType);
      try {
        const { outcome, size, digest } = await putRaw(upload, { bytes, length, maxBytes });
        if (outcome === 'created') return { outcome, bytes: size, differs: false };
        const stored = await atStore('reading what is stored', () => originOf(blob, origin.imageId));
        if (stored === undefined) throw await contested(blob);
        const digests = await Promise.all([digest(), stored.sha256 ?? digestOfStored(blob)]);
        return { outcome, bytes: size, differs: digests[0] !== digests[1] };
      } catch (error) {
        if (upload.staged) await discardBlocks(blob).catch(() => undefined);
        throw error;
      }
    },
    rawOrigin: (imageId) => atStore('looking for the image', () => originOf(blobOf(imageId), imageId)),
    openRaw: async (imageId) => Readable.from(await open(blobOf(imageId)), { objectMode: false }),
    openWithOrigin: (imageId) => openWithOrigin(blobOf(imageId), imageId),
    async deleteRaw(imageId) {
      await atStore('deleting the image', () => deleteBlob(blobOf(imageId)));
    },
  };
}
