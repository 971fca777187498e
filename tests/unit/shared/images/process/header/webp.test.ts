import { describe, expect, test } from '@jest/globals';
import {
  exifBlock,
  headerOf,
  hex,
  join,
  le16,
  le24,
  le32,
  orientationTag,
} from '../../../../../support/image-bytes.ts';

const chunk = (type: string, body: Uint8Array) =>
  join(type, le32(body.length), body, Buffer.alloc(body.length % 2));
const webp = (...chunks: Uint8Array[]) => {
  const body = join('WEBP', ...chunks);
  return join('RIFF', le32(body.length), body);
};
const lossy = (width: number, height: number) =>
  chunk('VP8 ', join(hex('000000 9d012a'), le16(width), le16(height), hex('00 00')));
const lossless = (width: number, height: number) =>
  chunk('VP8L', join(hex('2f'), le32((((height - 1) << 14) | (width - 1)) >>> 0), hex('00 00 00 00 00 00')));
const hasExif = 0x08;
const canvas = (width: number, height: number, flags = 0) =>
  chunk('VP8X', join(Buffer.from([flags]), hex('000000'), le24(width - 1), le24(height - 1)));
const frame = chunk('ANMF', Buffer.alloc(24));

describe('the header of a WebP (RFC 9649)', () => {
  test.each([
    ['VP8', webp(lossy(40, 30))],
    ['VP8, without the bits for scaling,', webp(lossy(40 | 0x4000, 30 | 0xc000))],
    ['VP8L', webp(lossless(40, 30))],
    ['VP8L of one colour, which takes seven bytes,', webp(chunk('VP8L', hex('2f 27400700 8888')))],
    ['VP8X', webp(canvas(40, 30), lossy(7, 7))],
  ])('has its size in %s', (_title, file) => {
    expect(headerOf(file)).toEqual([40, 30, 1, 1]);
  });

  test.each([
    ['VP8', webp(lossy(16_383, 16_382)), 16_383, 16_382],
    ['VP8L', webp(lossless(16_384, 16_383)), 16_384, 16_383],
    ['VP8X', webp(canvas(65_535, 10_000), lossless(1, 1)), 65_535, 10_000],
  ])('has the largest size of %s', (_title, file, width, height) => {
    expect(headerOf(file)).toEqual([width, height, 1, 1]);
  });

  const cut = (file: Buffer, bytes: number) => file.subarray(0, file.length - bytes);
  test.each([
    ['that begins with another chunk', webp(chunk('ICCP', Buffer.alloc(20))), 'image-corrupt'],
    ['whose first chunk is too short', webp(chunk('VP8 ', Buffer.alloc(9)), frame), 'image-corrupt'],
    [
      'whose name of a chunk is a property of every object',
      webp(chunk('toSt', Buffer.alloc(20))),
      'image-corrupt',
    ],
    [
      'whose VP8 has no start code',
      webp(chunk('VP8 ', hex('000000 9d012b 0100 0100 0000'))),
      'image-corrupt',
    ],
    [
      'whose VP8 start code begins otherwise',
      webp(chunk('VP8 ', hex('000000 9c012a 0100 0100 0000'))),
      'image-corrupt',
    ],
    [
      'whose VP8 start code is other inside',
      webp(chunk('VP8 ', hex('000000 9d022a 0100 0100 0000'))),
      'image-corrupt',
    ],
    ['whose VP8L has no signature', webp(chunk('VP8L', Buffer.alloc(12))), 'image-corrupt'],
    ['of no width', webp(lossy(0, 30)), 'image-corrupt'],
    ['with a canvas and no picture', webp(canvas(40, 30), chunk('ICCP', Buffer.alloc(8))), 'image-corrupt'],
    ['that stops inside its picture', cut(webp(lossy(40, 30)), 1), 'image-truncated'],
    ['that stops inside a frame', cut(webp(canvas(40, 30), frame), 1), 'image-truncated'],
  ])('%s is refused', (_title, file, code) => {
    expect(headerOf(file)).toBe(code);
  });

  test('counts the frames of an animation, of which the first is held against the limit', () => {
    const file = webp(canvas(40, 30), chunk('ANIM', Buffer.alloc(6)), frame, frame, frame);
    expect(headerOf(file, 40 * 30)).toEqual([40, 30, 3, 1]);
    expect(headerOf(file, 40 * 30 - 1)).toBe('image-too-many-pixels');
  });

  test.each([
    [10_000, [40, 30, 10_000, 1]],
    [10_001, 'image-too-complex'],
  ])('with %i frames', (count, expected) => {
    expect(headerOf(webp(canvas(40, 30), ...Array<Buffer>(count).fill(frame)))).toEqual(expected);
  });

  test('passes over chunks of odd length with their padding, which the last may lack', () => {
    const odd = chunk('ICCP', Buffer.alloc(5));
    expect(headerOf(webp(canvas(40, 30), odd, odd, lossy(40, 30)))).toEqual([40, 30, 1, 1]);
    expect(headerOf(cut(webp(canvas(40, 30), frame, odd), 1))).toEqual([40, 30, 1, 1]);
    const oddPicture = join(hex('000000 9d012a'), le16(40), le16(30), hex('00 00 00'));
    expect(headerOf(webp(chunk('VP8 ', oddPicture)))).toEqual([40, 30, 1, 1]);
    expect(headerOf(webp(canvas(40, 30), chunk('ANMF', Buffer.alloc(25)), frame))).toEqual([40, 30, 2, 1]);
  });

  test('ends where less than a chunk is left', () => {
    expect(headerOf(join(webp(canvas(40, 30), frame), 'ANMF'))).toEqual([40, 30, 1, 1]);
  });
});

describe('the orientation of a WebP', () => {
  const exif = exifBlock([[orientationTag, 6]]);

  test.each([
    ['is that of its EXIF chunk', exif],
    ['is that of its EXIF chunk with the prefix of JPEG', join('Exif\0\0', exif)],
    ['is that of an EXIF chunk of odd length', join(exif, hex('00'))],
  ])('%s', (_title, body) => {
    expect(headerOf(webp(canvas(40, 30, hasExif), lossy(40, 30), chunk('EXIF', body)))).toEqual([
      30, 40, 1, 6,
    ]);
  });

  test('is not looked for in a chunk over a mebibyte', () => {
    const sized = (bytes: number) => chunk('EXIF', join(exif, Buffer.alloc(bytes - exif.length)));
    expect(headerOf(webp(canvas(40, 30, hasExif), frame, sized(1_048_576)))).toEqual([30, 40, 1, 6]);
    expect(headerOf(webp(canvas(40, 30, hasExif), frame, sized(1_048_577)))).toEqual([40, 30, 1, 1]);
  });

  test('is upright where the canvas does not announce an EXIF chunk, as in browsers', () => {
    expect(headerOf(webp(canvas(40, 30), frame, chunk('EXIF', exif)))).toEqual([40, 30, 1, 1]);
  });

  test('is upright where there is no canvas, whatever follows', () => {
    expect(headerOf(webp(lossy(40, 30), chunk('EXIF', exif)))).toEqual([40, 30, 1, 1]);
  });

  test('is upright where the chunk is nothing but the prefix', () => {
    expect(headerOf(webp(canvas(40, 30, hasExif), frame, chunk('EXIF', join('Exif\0\0'))))).toEqual([
      40, 30, 1, 1,
    ]);
  });
});
