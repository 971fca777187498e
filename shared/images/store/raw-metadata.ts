import { imageSources, type ImageSource } from '../../platform/image-origin.ts';
import type { Origin } from '../../platform/image-origin.ts';

/** What a raw blob's metadata say of its image. `sha256` is absent while chunks have not been read through. */
export type RawMetadata = Omit<Origin, 'imageId'> & { readonly sha256?: string };

/** Metadata travel as HTTP headers: ASCII only, and names without case. */
const encode = encodeURIComponent;

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Set on a blob that exists for a moment only, to drop blocks that were never committed. */
const discarded = 'discarded';

export const discardedMetadata: Record<string, string> = { [discarded]: 'true' };

export const rawMetadata = (origin: Origin, sha256?: string): Record<string, string> => ({
  owner: encode(origin.owner),
  source: origin.source,
  uploadedat: origin.uploadedAt.toISOString(),
  correlationid: encode(origin.correlationId),
  ...(sha256 === undefined ? {} : { sha256 }),
});

const isSource = (text: string | undefined): text is ImageSource =>
  (imageSources as readonly (string | undefined)[]).includes(text);

/** Undefined for a blob that is no raw image: one being discarded, or one that somebody else put there. */
export function readRawMetadata(metadata: Record<string, string> | undefined): RawMetadata | undefined {
  const fields = new Map(Object.entries(metadata ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
  const uploadedAt = new Date(fields.get('uploadedat') ?? '');
  const owner = fields.get('owner');
  const source = fields.get('source');
  const sha256 = fields.get('sha256');
  if (
    fields.has(discarded) ||
    owner === undefined ||
    !isSource(source) ||
    Number.isNaN(uploadedAt.getTime())
  ) {
    return undefined;
  }
  return {
    owner: decode(owner),
    source,
    uploadedAt,
    correlationId: decode(fields.get('correlationid') ?? ''),
    ...(sha256 === undefined ? {} : { sha256 }),
  };
}
