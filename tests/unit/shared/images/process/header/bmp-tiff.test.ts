import { describe, expect, test } from '@jest/globals';
import { be16, be32, headerOf, hex, join, le16, le32 } from '../../../../../support/image-bytes.ts';

interface Bitmap {
  readonly headerBytes?: number;
  readonly width?: number;
  readonly height?: number;
  readonly bits?: number;
  readonly compression?: number;
  readonly dataOffset?: number;
  /** Of the pixels. */
  readonly bytes?: number;
}

function bmp(bitmap: Bitmap = {}): Buffer {
  const { headerBytes = 40, width = 5, height = 3, bits = 24, compression = 0 } = bitmap;
  const { dataOffset = 14 + headerBytes, bytes = Math.ceil((width * bits) / 32) * 4 * Math.abs(height) } =
    bitmap;
  const info =
    headerBytes === 12
      ? join(le16(width), le16(height), le16(1), le16(bits))
      : join(le32(width >>> 0), le32(height >>> 0), le16(1), le16(bits), le32(compression));
  const rest = Buffer.alloc(Math.max(0, headerBytes - 4 - info.length));
  const gap = Buffer.alloc(Math.max(0, dataOffset - 14 - headerBytes));
  const file = join('BM', le32(0), le32(0), le32(dataOffset));
  return join(file, le32(headerBytes), info, rest, gap, Buffer.alloc(bytes));
}

describe('the header of a BMP', () => {
  test.each([12, 40, 52, 56, 64, 108, 124])('is read where it has %i bytes', (headerBytes) => {
    expect(headerOf(bmp({ headerBytes }))).toEqual([5, 3, 1, 1]);
  });

  test('may run from the top, which a negative height says', () => {
    expect(headerOf(bmp({ height: -3 }))).toEqual([5, 3, 1, 1]);
  });

  test.each([1, 4, 8, 16, 24, 32])(
    'with %i bits a pixel has rows of whole 32-bit words, all of them',
    (bits) => {
      expect(headerOf(bmp({ bits }))).toEqual([5, 3, 1, 1]);
      const rowBytes = { 1: 4, 4: 4, 8: 8, 16: 12, 24: 16, 32: 20 }[bits]!;
      expect(headerOf(bmp({ bits, bytes: 3 * rowBytes - 1 }))).toBe('image-truncated');
    },
  );

  test('may have its pixels behind a table of colours', () => {
    expect(headerOf(bmp({ dataOffset: 14 + 40 + 1_024 }))).toEqual([5, 3, 1, 1]);
    expect(headerOf(bmp({ dataOffset: 14 + 40 + 1_024 }).subarray(0, -1))).toBe('image-truncated');
  });

  test('may tell its colours by bit fields', () => {
    expect(headerOf(bmp({ compression: 3, bits: 16 }))).toEqual([5, 3, 1, 1]);
  });

  test.each([
    ['that is compressed', { compression: 1, bits: 8 }, 'unsupported-type'],
    ['that holds a JPEG', { compression: 4 }, 'unsupported-type'],
    ['of 2 bits a pixel', { bits: 2 }, 'image-corrupt'],
    ['of no width', { width: 0 }, 'image-corrupt'],
    ['of negative width', { width: -5, bytes: 100 }, 'image-corrupt'],
    ['of no height', { height: 0 }, 'image-corrupt'],
    ['with its pixels inside its header', { dataOffset: 14 + 39 }, 'image-corrupt'],
    ['whose header nobody knows', { headerBytes: 41 }, 'unsupported-type'],
  ])('%s is refused', (_title, bitmap, code) => {
    expect(headerOf(bmp(bitmap))).toBe(code);
  });

  test('is refused by its size before its pixels have come', () => {
    expect(headerOf(bmp({ width: 100, height: 100 }).subarray(0, 54), 9_999)).toBe('image-too-many-pixels');
  });
});

type Field = readonly [tag: number, type: 3 | 4 | 2, value: number];

function tiff(fields: readonly Field[], order: 'II' | 'MM' = 'II', offset = 8): Buffer {
  const [two, four] = order === 'II' ? [le16, le32] : [be16, be32];
  const entries = fields.map(([tag, type, value]) =>
    join(two(tag), two(type), four(1), type === 3 ? join(two(value), two(0)) : four(value)),
  );
  const gap = Buffer.alloc(Math.max(0, offset - 8));
  return join(order, two(42), four(offset), gap, two(fields.length), ...entries, Buffer.alloc(32));
}
const [width, height] = [256, 257];
const size: readonly Field[] = [
  [width, 3, 40],
  [height, 3, 30],
];

describe('the header of a TIFF (6.0)', () => {
  test.each(['II', 'MM'] as const)('is read in byte order %s, with short and long values', (order) => {
    expect(headerOf(tiff(size, order))).toEqual([40, 30, 1, 1]);
    expect(
      headerOf(
        tiff(
          [
            [width, 4, 70_000],
            [height, 4, 80_000],
          ],
          order,
        ),
      ),
    ).toEqual([70_000, 80_000, 1, 1]);
    expect(headerOf(tiff([...size, [274, 3, 6]], order))).toEqual([30, 40, 1, 6]);
  });

  test('has its directory wherever its header says', () => {
    expect(headerOf(tiff(size, 'II', 1_000))).toEqual([40, 30, 1, 1]);
  });

  test('takes no value of a type that holds no size, but the next that does', () => {
    expect(headerOf(tiff([[width, 2, 7], ...size]))).toEqual([40, 30, 1, 1]);
  });

  test.each([0, 9])('is upright where its orientation is %i', (orientation) => {
    expect(headerOf(tiff([...size, [274, 3, orientation]]))).toEqual([40, 30, 1, 1]);
  });

  test.each([1, 8])('is turned as orientation %i says', (orientation) => {
    const expected = orientation === 8 ? [30, 40, 1, 8] : [40, 30, 1, 1];
    expect(headerOf(tiff([...size, [274, 3, orientation]]))).toEqual(expected);
  });

  test.each([
    ['without a width', tiff([[height, 3, 30]]), 'image-corrupt'],
    ['without a height', tiff([[width, 3, 40]]), 'image-corrupt'],
    [
      'of no width',
      tiff([
        [width, 3, 0],
        [height, 3, 30],
      ]),
      'image-corrupt',
    ],
    ['with an empty directory', tiff([]), 'image-corrupt'],
    ['with its directory inside its header', tiff(size, 'II', 7), 'image-corrupt'],
    ['whose directory is behind its end', tiff(size, 'II', 1_000).subarray(0, 900), 'image-truncated'],
  ])('%s is refused', (_title, file, code) => {
    expect(headerOf(file)).toBe(code);
  });

  test.each([
    [4_096, [40, 30, 1, 1]],
    [4_097, 'image-corrupt'],
  ])('with %i entries', (count, expected) => {
    const others = Array.from({ length: count - 2 }, (): Field => [300, 3, 1]);
    expect(headerOf(tiff([...others, ...size]))).toEqual(expected);
  });
});

test('a file of hexadecimal nonsense is none of them', () => {
  expect(headerOf(hex('00'.repeat(40)))).toBe('unsupported-type');
});
