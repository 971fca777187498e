import type { Encoding, VariantType } from '../ports.ts';
import { isOpaque, OpaqueBitmap } from './opaque-bitmap.ts';
import { ownBytesOf, type Opener, type Pipeline } from './pipeline.ts';
import { defaultQuality, type Encoded, type Picture } from './port.ts';

interface Bitmap {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
}

/** The pixels of a jimp bitmap, without a copy. */
export function pixelsOf(bitmap: Bitmap): Picture {
  const { width, height } = bitmap;
  const untouched = bitmap instanceof OpaqueBitmap ? bitmap.untouched : undefined;
  return untouched
    ? { width, height, channels: 3, data: untouched }
    : { width, height, channels: 4, data: bitmap.data };
}

/** Up to this side a picture is an icon or a palette: a quarter of its colours would be other ones. */
const iconSide = 128;

const encoders: Record<VariantType, (pipeline: Pipeline, quality: number, chroma: string) => Pipeline> = {
  // The same pixels without a second pass for the best Huffman tables: half the time, 1 % more bytes (docs/performance.md).
  'image/jpeg': (pipeline, quality, chromaSubsampling) =>
    pipeline.jpeg({ quality, optimiseCoding: false, chromaSubsampling }),
  'image/png': (pipeline) => pipeline.png(),
  // Effort 2 of 6: half the time of the default for a few per cent of size.
  'image/webp': (pipeline, quality) => pipeline.webp({ quality, effort: 2 }),
  'image/gif': (pipeline) => pipeline.gif(),
  'image/avif': (pipeline, quality) => pipeline.avif({ quality, effort: 2 }),
};

export async function encodePixels(opener: Opener, pixels: Picture, encoding: Encoding): Promise<Encoded> {
  const { quality = defaultQuality } = encoding;
  const opaque = pixels.channels === 3 || isOpaque(pixels.data);
  const contentType = encoding.contentType ?? (opaque ? 'image/jpeg' : 'image/webp');
  const pipeline = opener.pixels(pixels);
  const bytes = await ownBytesOf(
    encoders[contentType](
      ready(pipeline, pixels, opaque, contentType),
      quality,
      Math.max(pixels.width, pixels.height) <= iconSide ? '4:4:4' : '4:2:0',
    ),
  );
  return { bytes, contentType, width: pixels.width, height: pixels.height };
}

/** JPEG knows no alpha: what shines through is white. */
function ready(pipeline: Pipeline, pixels: Picture, opaque: boolean, contentType: VariantType): Pipeline {
  if (pixels.channels === 3) return pipeline;
  if (opaque) return pipeline.removeAlpha();
  return contentType === 'image/jpeg' ? pipeline.flatten({ background: '#ffffff' }) : pipeline;
}
