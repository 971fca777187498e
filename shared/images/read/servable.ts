import { DarkroomError } from '../../platform/errors.ts';
import { extensionOf } from '../../platform/media-types.ts';
import type { ByteRange, LocatedVariant, StorageReader } from '../store/ports.ts';
import type { OpenAhead } from './open-ahead.ts';

/** Bytes that may be served, and how to open them. */
export interface Servable {
  readonly contentType: string;
  readonly bytes: number;
  readonly sha256: string;
  /** For a header: nothing in it comes from a user. */
  readonly fileName: string;
  /** What its sender called the original. */
  readonly givenName?: string;
  open(range?: ByteRange): ReturnType<StorageReader['openRaw']>;
}

const fileName = (imageId: string, variant: string, contentType: string): string =>
  `${imageId}-${variant}.${extensionOf(contentType)}`;

/**
 * The bytes of a located variant, perhaps opened already; `raw` only once it was checked. Throws `not-found` or
 * `wrong-state`.
 */
export function servable(
  reader: StorageReader,
  { image, variant }: LocatedVariant,
  name: string,
  ahead?: OpenAhead,
): Servable {
  if (variant !== undefined) {
    const { contentType, bytes, sha256, path } = variant;
    const open = async (range?: ByteRange) =>
      (await ahead?.take(path, range)) ?? reader.openVariant(path, range);
    return { contentType, bytes, sha256, fileName: fileName(image.imageId, name, contentType), open };
  }
  if (name !== 'raw' || image.status === 'rejected') {
    throw new DarkroomError('not-found', `This image has no variant ${name}; it is ${image.status}.`);
  }
  const { contentType, bytes, sha256, width, imageId, fileName: givenName } = image;
  if (contentType === null || bytes === null || sha256 === null || width === null) {
    throw new DarkroomError('wrong-state', 'The original was not checked yet; try again in a moment.');
  }
  const open = async (range?: ByteRange) =>
    (await ahead?.take(undefined, range)) ?? reader.openRaw(imageId, range);
  const given = givenName === null ? {} : { givenName };
  return { contentType, bytes, sha256, fileName: fileName(imageId, name, contentType), ...given, open };
}
