import { createHash, randomUUID } from 'node:crypto';

/**
 * The image id for what identifies it at its source (owner and idempotency key; CloudEvent source and id; hub
 * coordinates): a UUID version 8 from the SHA-256 of the parts, each prefixed by its length so that none run together.
 */
export function deriveImageId(
  kind: 'http' | 'cloudevent' | 'record' | 'chunks' | 'tus',
  ...parts: string[]
): string {
  const hash = createHash('sha256').update(`darkroom/${kind}`);
  for (const part of parts) hash.update(`\n${Buffer.byteLength(part)}:${part}`);
  const bytes = hash.digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

export const randomImageId = (): string => randomUUID();

const pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export const isImageId = (text: string): boolean => pattern.test(text);

/** How the ledger of erasures knows an image: a digest, because the id itself would be a trace of what was erased. */
export const imageDigest = (imageId: string): string =>
  createHash('sha256').update(`darkroom-image:${imageId.toLowerCase()}`).digest('hex');
