import { DarkroomError } from '../../platform/errors.ts';
import type { AcceptedType, ImageHeader } from './ports.ts';

/**
 * Bytes that decoding takes for each pixel of a frame at most, measured with files of 50 megapixels (docs/performance.md):
 * progressive JPEG and interlaced PNG with 16 bits are held whole, and AVIF in several forms at once.
 */
const bytesPerPixel: Record<AcceptedType, number> = {
  'image/jpeg': 7,
  'image/png': 9,
  'image/webp': 9,
  'image/gif': 9,
  'image/bmp': 9,
  'image/tiff': 9,
  'image/avif': 21,
};

/**
 * Refuses, before a decoder runs, what would not fit: one native call cannot be ended half way, so its memory has to be
 * known beforehand. `animated` where every frame will be decoded.
 */
export function assertFits(header: ImageHeader, memoryMb: number, animated: boolean): void {
  const pixels = animated ? header.pixels : header.pixels / header.frames;
  const neededMb = Math.ceil((pixels * bytesPerPixel[header.contentType]) / 2 ** 20);
  if (neededMb <= memoryMb) return;
  throw new DarkroomError(
    'processing-memory',
    `Decoding this image would take ${neededMb} MB of memory; ${memoryMb} MB are allowed. Scale it down and send it again.`,
    { details: { neededMb, memoryMb } },
  );
}
