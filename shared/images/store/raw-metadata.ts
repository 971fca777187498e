import { imageSources, type ImageSource, type Origin } from '../../platform/image-origin.ts';
import { metadataNames } from './blob-layout.ts';

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

export const discardedMetadata: Record<string, string> = { [metadataNames.discarded]: 'true' };

export const rawMetadata = (origin: Origin, sha256?: string): Record<string, string> => ({
  [metadataNames.owner]: encode(origin.owner),
  [metadataNames.source]: origin.source,
  [metadataNames.uploadedAt]: origin.uploadedAt.toISOString(),
  [metadataNames.correlationId]: encode(origin.correlationId),
  ...(sha256 === undefined ? {} : { [metadataNames.sha256]: sha256 }),
  ...(origin.fileName === undefined ? {} : { [metadataNames.fileName]: encode(origin.fileName) }),
  ...(origin.sender === undefined ? {} : { [metadataNames.senderId]: encodeShort(origin.sender.id) }),
  ...(origin.sender?.source === undefined
    ? {}
    : { [metadataNames.senderSource]: encodeShort(origin.sender.source) }),
});

/** Shorter than percent signs where a text is not ASCII: all metadata together have 8 KB. */
const encodeShort = (text: string): string => Buffer.from(text).toString('base64url');

function senderOf(fields: ReadonlyMap<string, string>): Pick<Origin, 'sender'> {
  const [id, source] = [metadataNames.senderId, metadataNames.senderSource].map((name) => {
    const text = fields.get(name);
    return text === undefined ? undefined : Buffer.from(text, 'base64url').toString();
  });
  return id === undefined ? {} : { sender: { id, source } };
}

const isSource = (text: string | undefined): text is ImageSource =>
  (imageSources as readonly (string | undefined)[]).includes(text);

/** Undefined for a blob that is no raw image: one being discarded, or one that somebody else put there. */
export function readRawMetadata(metadata: Record<string, string> | undefined): RawMetadata | undefined {
  const fields = new Map(Object.entries(metadata ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
  const uploadedAt = new Date(fields.get(metadataNames.uploadedAt) ?? '');
  const owner = fields.get(metadataNames.owner);
  const source = fields.get(metadataNames.source);
  const sha256 = fields.get(metadataNames.sha256);
  const fileName = fields.get(metadataNames.fileName);
  if (
    fields.has(metadataNames.discarded) ||
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
    correlationId: decode(fields.get(metadataNames.correlationId) ?? ''),
    ...(sha256 === undefined ? {} : { sha256 }),
    ...(fileName === undefined ? {} : { fileName: decode(fileName) }),
    ...senderOf(fields),
  };
}
