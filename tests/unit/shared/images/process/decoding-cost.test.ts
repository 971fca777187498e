import { describe, expect, test } from '@jest/globals';
import { assertFits } from '../../../../../shared/images/process/decoding-cost.ts';
import type { AcceptedType, ImageHeader, Needs } from '../../../../../shared/images/process/ports.ts';

const inside = (side: number): { needs: Needs } => ({ needs: { width: side, height: side, fit: 'inside' } });
const web = [inside(1600)];
const header = (
  contentType: AcceptedType,
  megapixels: number,
  rest: Partial<ImageHeader> = {},
): ImageHeader => ({
  ...{ contentType, width: megapixels * 1000, height: 1000, frames: 1 },
  ...{ orientation: 1, isInterlaced: false, bytesPerPixel: 3, ...rest },
});
/** Of the default worker: an instance of 2 GB has two. */
const memoryMb = 512;

describe('with the limits of production', () => {
  test.each([
    ['a JPEG of 108 megapixels, as phones make', header('image/jpeg', 108, { bytesPerPixel: 1.5 })],
    ['the same, progressive', header('image/jpeg', 108, { bytesPerPixel: 1.5, isInterlaced: true })],
    ['a JPEG of 200 megapixels', header('image/jpeg', 200, { bytesPerPixel: 1.5 })],
    ['a JPEG of 61 megapixels with all its colour', header('image/jpeg', 61, { isInterlaced: true })],
    ['a HEIC of 48 megapixels', header('image/heic', 48.8, { bytesPerPixel: 4 })],
    ['a PNG of 61 megapixels', header('image/png', 61)],
    ['a TIFF of 61 megapixels', header('image/tiff', 61)],
    ['a JPEG XL of 50 megapixels', { ...header('image/jxl', 0), width: 8160, height: 6144, channels: 3 }],
    [
      'a lossless JPEG XL of 20 megapixels',
      header('image/jxl', 20, { isInterlaced: true, channels: 3, bytesPerPixel: 3 }),
    ],
  ])('%s fits', (_title, image) => {
    expect(() => assertFits(image, web, memoryMb)).not.toThrow();
  });

  test('what does not fit is refused with its size and both numbers', () => {
    const attempt = () => assertFits(header('image/avif', 61), web, memoryMb);
    expect(attempt).toThrow(
      /61000×1000 pixels \(61 megapixels\).* [\d,]+ MB of memory, and 512 MB are allowed\. Scale it down/,
    );
    expect(attempt).toThrow(expect.objectContaining({ code: 'image-too-many-pixels' }));
  });
});

test.each([
  ['of a lossless one of 16 bits', { isInterlaced: true, channels: 3, bytesPerPixel: 6 }],
  ['of a lossy one with alpha, which has no stripes', { channels: 4, bytesPerPixel: 4 }],
  ['of every channel that a lossless one has', { isInterlaced: true, channels: 7, bytesPerPixel: 4 }],
])('what decoding a JPEG XL takes is told before: %s', (_title, rest) => {
  const image = header('image/jxl', 14, rest);
  expect(() => assertFits(image, web, memoryMb)).toThrow('14 megapixels');
});

test('a processor that needs the full size makes an image cost as much', () => {
  const jpeg = header('image/jpeg', 108, { bytesPerPixel: 1.5 });
  expect(() => assertFits(jpeg, [{ needs: 'full size' }], memoryMb)).toThrow('108 megapixels');
});

test('a canvas that the first frame is laid onto counts, and the frame', () => {
  for (const type of ['image/png', 'image/gif'] as const) {
    expect(() => assertFits(header(type, 40), web, memoryMb)).not.toThrow();
    expect(() => assertFits(header(type, 60, { isPlaced: true }), web, memoryMb)).toThrow('60 megapixels');
  }
});

test('the frames of an animation count where a processor wants them', () => {
  const gif = header('image/gif', 1, { frames: 100 });
  expect(() => assertFits(gif, web, memoryMb)).not.toThrow();
  expect(() => assertFits(gif, [{ ...inside(1600), animated: true }], memoryMb)).toThrow('of memory');
});
