import { createHash } from 'node:crypto';
import { containers, type Container } from '../../platform/blobs/containers.ts';
import { extensionOf } from '../../platform/media-types.ts';

/**
 * Where the blobs of images lie, and what their metadata are called. A name holds nothing that a user gave: an image is
 * its id, an owner a digest. Metadata names are lower case, as stores return them in any case.
 */
export const metadataNames = {
  owner: 'owner',
  source: 'source',
  uploadedAt: 'uploadedat',
  correlationId: 'correlationid',
  sha256: 'sha256',
  fileName: 'filename',
  senderId: 'senderid',
  senderSource: 'sendersource',
  expiresAt: 'expiresat',
  status: 'status',
  /** On a blob that exists for a moment only, to drop blocks that were never committed. */
  discarded: 'discarded',
} as const;

/** In `raw`. */
export const rawBlob = (imageId: string): string => imageId;

const imageFolder = (imageId: string): string => `${imageId}/`;

/** In `processed`; a later version of the same variant has part of its digest in the name. */
export function variantBlob(
  imageId: string,
  { name, contentType }: { readonly name: string; readonly contentType: string },
  version?: string,
): string {
  const stem = version === undefined ? name : `${name}.${version}`;
  return `${imageFolder(imageId)}${stem}.${extensionOf(contentType)}`;
}

/** The image that a blob in `processed` belongs to. */
export const imageOfVariant = (path: string): string => path.split('/', 1)[0]!;

/** In `dead-letters`, its claim check. */
export const deadLetterBlob = (imageId: string | undefined, sha256: string): string =>
  `${imageFolder(imageId ?? 'unknown')}${sha256}`;

/** In `uploads`: the chunk sets of images whose chunks are arriving. */
export const chunkSetFolder = 'chunk-sets/';
export const chunkSetBlob = (imageId: string): string => `${chunkSetFolder}${imageId}.json`;

/** In `uploads`: the state of a resumable upload, and the bytes of a partial one. */
export const uploadFolder = 'tus/';
const uploadBlobs = (id: string): string => `${uploadFolder}${id}.`;
export const uploadStateBlob = (id: string): string => `${uploadBlobs(id)}json`;
export const partialUploadBlob = (id: string): string => `${uploadBlobs(id)}part`;

/** In `uploads`: what an owner has begun and not finished. */
export const openUploadsBlob = (owner: string): string =>
  `tus-open/${createHash('sha256').update(`darkroom-owner:${owner}`).digest('hex').slice(0, 32)}.json`;

/** In `uploads`: when sweeps first saw blocks that nobody committed. */
export const firstSeenBlob = 'sweep/uncommitted.json';

/** Every prefix under which something of an image can lie. */
export const prefixesOf = (imageId: string): readonly (readonly [Container, prefix: string])[] => [
  [containers.raw, rawBlob(imageId)],
  [containers.processed, imageFolder(imageId)],
  [containers.deadLetters, imageFolder(imageId)],
  [containers.uploads, chunkSetBlob(imageId)],
  [containers.uploads, uploadBlobs(imageId)],
];
