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

  test.each([16, 20, 36, 64])('may be of OS/2, which leaves out fields: %i bytes', (headerBytes) => {
    expect(headerOf(bmp({ headerBytes }))).toEqual([5, 3, 1, 1]);
  });

  test.each([
    ['of no width', { width: 0 }, 'image-corrupt'],
    ['of negative width', { width: -5, bytes: 100 }, 'image-corrupt'],
    ['of no height', { height: 0 }, 'image-corrupt'],
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
            [width, 4, 60_000],
            [height, 4, 65_535],
          ],
          order,
        ),
      ),
    ).toEqual([60_000, 65_535, 1, 1]);
    expect(headerOf(tiff([...size, [274, 3, 6]], order))).toEqual([30, 40, 1, 6]);
  });

  test('has its directory wherever its header says', () => {
    expect(headerOf(tiff(size, 'II', 1_000))).toEqual([40, 30, 1, 1]);
  });

  test.each([
    ['a DNG', [[50_706, 4, 1]]],
    ['one whose picture is a mosaic', [[262, 3, 32_803]]],
    ['one of linear sensor values', [[262, 3, 34_892]]],
    ['one that is compressed as Nikon does', [[259, 3, 34_713]]],
    [
      'one that begins with a thumbnail and has its picture below',
      [
        [254, 4, 1],
        [330, 4, 999],
      ],
    ],
  ] as [string, Field[]][])('is refused as camera raw: %s', (_title, fields) => {
    expect(headerOf(tiff([...size, ...fields]))).toBe('raw-not-supported');
  });

  test('is no raw file for being a page of lower resolution, or for having sub-directories', () => {
    expect(headerOf(tiff([...size, [254, 4, 1]]))).toEqual([40, 30, 1, 1]);
    expect(headerOf(tiff([...size, [330, 4, 999]]))).toEqual([40, 30, 1, 1]);
  });

  test('may be a BigTIFF', () => {
    const entry = (tag: number, value: number) =>
      join(le16(tag), le16(3), le32(1), le32(0), le16(value), Buffer.alloc(6));
    const count = join(le32(2), le32(0));
    const head = join('II', le16(43), le16(8), le16(0), le32(16), le32(0));
    expect(headerOf(join(head, count, entry(width, 40), entry(height, 30)))).toEqual([40, 30, 1, 1]);
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
