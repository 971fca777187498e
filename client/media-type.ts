import { extname } from 'node:path';

const byExtension: Readonly<Record<string, string>> = {
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.png': 'image/png',
  '.gif': 'image/gif',
  '.bmp': 'image/bmp',
  '.tif': 'image/tiff',
  '.tiff': 'image/tiff',
  '.webp': 'image/webp',
  '.avif': 'image/avif',
  '.svg': 'image/svg+xml',
};

/** The media type that a file's name suggests; the server looks at the bytes and decides. */
export const mediaTypeOf = (file: string): string =>
  byExtension[extname(file).toLowerCase()] ?? 'application/octet-stream';
