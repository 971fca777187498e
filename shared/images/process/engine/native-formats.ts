import bmp, { msBmp } from '@jimp/js-bmp';
import type { Encoding, VariantType } from '../ports.ts';
import { encodePixels } from './native-encode.ts';
import type { Opener } from './pipeline.ts';

interface Bitmap {
  data: Buffer;
  width: number;
  height: number;
}

/**
 * jimp formats with native codecs, for a processor that calls `getBuffer` or `fromBuffer` itself. They all say
 * `hasAlpha`, because jimp paints an image that has none onto a new one in JavaScript before each encode.
 * Orientation is left to jimp, which applies it after `decode`.
 */
export function nativeFormats(opener: Opener) {
  const format = (mime: VariantType) => () => ({
    mime,
    hasAlpha: true,
    encode: async (bitmap: Bitmap, options?: Pick<Encoding, 'quality'>): Promise<Buffer> => {
      const picture = { ...size(bitmap), channels: 4 as const, data: bitmap.data };
      const { bytes } = await encodePixels(opener, picture, { ...options, contentType: mime });
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    },
    decode: async (file: Buffer): Promise<Bitmap> => {
      const pipeline = opener.file(file).toColourspace('srgb').ensureAlpha().raw();
      const { data, info } = await pipeline.toBuffer({ resolveWithObject: true });
      return { data, width: info.width, height: info.height };
    },
  });
  const types: VariantType[] = ['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif'];
  return [...types.map(format), bmp, msBmp];
}

const size = ({ width, height }: Bitmap) => ({ width, height });
