import { extname } from 'node:path';

/** File extensions of media types; the first is the one that we write. */
const extensions: Readonly<Record<string, readonly [string, ...string[]]>> = {
  'image/jpeg': ['jpg', 'jpeg'],
  'image/png': ['png'],
  'image/gif': ['gif'],
  'image/webp': ['webp'],
  'image/avif': ['avif'],
  'image/heic': ['heic', 'heif', 'hif'],
  'image/jxl': ['jxl'],
  'image/bmp': ['bmp'],
  'image/tiff': ['tif', 'tiff'],
  'image/svg+xml': ['svg'],
};

export const unknownMediaType = 'application/octet-stream';

const mediaTypes = new Map(
  Object.entries(extensions).flatMap(([mediaType, names]) => names.map((name) => [`.${name}`, mediaType])),
);

/** Without the dot; `bin` for a type that has none here. */
export const extensionOf = (mediaType: string): string => extensions[mediaType]?.[0] ?? 'bin';

/** The media type that a file's name suggests; only its bytes tell for certain. */
export const mediaTypeOf = (file: string): string =>
  mediaTypes.get(extname(file).toLowerCase()) ?? unknownMediaType;

/** Whether a file's name is one that images have. */
export const isImageName = (file: string): boolean => mediaTypeOf(file).startsWith('image/');
