import { describe, expect, test } from '@jest/globals';
import { inMemory } from '../../../../../../shared/images/process/file/in-memory.ts';
import { inspect } from '../../../../../../shared/images/process/inspect.ts';
import { be32, headerOf, join } from '../../../../../support/image-bytes.ts';

/** Bits, least significant first, as ISO/IEC 18181-1 writes them. */
function codestream(...fields: readonly (readonly [value: number, bits: number])[]): Buffer {
  const all = fields.flatMap(([value, bits]) => Array.from({ length: bits }, (_, bit) => (value >> bit) & 1));
  const bytes = Array.from({ length: 40 }, (_, byte) =>
    Array.from({ length: 8 }, (__, bit) => (all[byte * 8 + bit] ?? 0) << bit).reduce(
      (sum, each) => sum + each,
    ),
  );
  return join('\xff\x0a', Buffer.from(bytes));
}
const box = (type: string, body: Uint8Array) => join(be32(body.length + 8), type, body);
const signature = join(be32(12), 'JXL \r\n\x87\n');

describe('the header of a JPEG XL (ISO/IEC 18181)', () => {
  const plain = codestream([0, 1], [0, 2], [29, 9], [0, 3], [0, 2], [39, 9], [1, 1]);

  test('has its size in its first bits', () => {
    expect(headerOf(plain)).toEqual([40, 30, 1, 1]);
  });

  test('may tell small sizes in eights, and its width by a ratio', () => {
    expect(headerOf(codestream([1, 1], [2, 5], [0, 3], [4, 5], [1, 1]))).toEqual([40, 24, 1, 1]);
    // 3:2
    expect(headerOf(codestream([0, 1], [1, 2], [999, 13], [4, 3], [1, 1]))).toEqual([1500, 1000, 1, 1]);
  });

  test('is turned as its orientation says', () => {
    const turned = codestream([0, 1], [0, 2], [29, 9], [0, 3], [0, 2], [39, 9], [0, 1], [1, 1], [5, 3]);
    expect(headerOf(turned)).toEqual([30, 40, 1, 6]);
  });

  /** All fields that may come before the channels, with values that are read; then a spot colour with a name, and alpha. */
  const withAlpha = (isPremultiplied: 0 | 1) =>
    codestream(
      ...([
        [0, 1],
        [0, 2],
        [29, 9],
        [0, 3],
        [0, 2],
        [39, 9],
        [0, 1],
        [1, 1],
        [0, 3],
      ] as const),
      ...([
        [1, 1],
        [1, 1],
        [4, 5],
        [2, 3],
        [1, 1],
        [0, 1],
        [0, 2],
        [7, 6],
        [1, 3],
      ] as const),
      ...([
        [1, 1],
        [2, 2],
        [9, 10],
        [0, 2],
        [1, 2],
        [3, 3],
        [0, 1],
      ] as const),
      ...([
        [1, 1],
        [1, 2],
        [4, 4],
        [1, 1],
        [2, 2],
        [0, 4],
      ] as const),
      ...([
        [0, 1],
        [2, 2],
        [0, 4],
        [0, 1],
        [1, 2],
        [0, 2],
        [1, 2],
        [1, 4],
        [65, 8],
      ] as const),
      ...([
        [0, 16],
        [0, 16],
        [0, 16],
        [0, 16],
      ] as const),
      ...([
        [0, 1],
        [0, 2],
        [0, 1],
        [0, 2],
        [0, 2],
        [0, 2],
        [isPremultiplied, 1],
      ] as const),
    );

  test('has channels beside its colours, and alpha that these may be multiplied with', () => {
    const facts = (file: Buffer) => {
      const { channels, isPremultiplied, bytesPerPixel } = inspect(inMemory(file), { maxPixels: 1e6 });
      return [channels, isPremultiplied, bytesPerPixel];
    };
    expect(facts(plain)).toEqual([3, undefined, 3]);
    expect(facts(withAlpha(0))).toEqual([5, undefined, 8]);
    expect(facts(withAlpha(1))).toEqual([5, true, 8]);
  });

  test('is held whole where it is lossless, and not where it is a JPEG’s', () => {
    const isHeldWhole = (file: Buffer) => inspect(inMemory(file), { maxPixels: 1e6 }).isInterlaced;
    const lossless = codestream(
      ...([
        [0, 1],
        [0, 2],
        [29, 9],
        [0, 3],
        [0, 2],
        [39, 9],
      ] as const),
      ...([
        [0, 1],
        [0, 1],
        [0, 1],
        [0, 2],
        [1, 1],
        [0, 2],
        [0, 1],
      ] as const),
    );
    const ofJpeg = [signature, box('jbrd', Buffer.alloc(9)), box('jxlc', lossless)];
    expect([plain, lossless, join(...ofJpeg)].map(isHeldWhole)).toEqual([false, true, false]);
  });

  test('may lie in boxes, whole or in parts', () => {
    const others = join(signature, box('ftyp', Buffer.alloc(12)), box('Exif', Buffer.alloc(99)));
    expect(headerOf(join(others, box('jxlc', plain)))).toEqual([40, 30, 1, 1]);
    expect(headerOf(join(others, box('jxlp', join(be32(0), plain))))).toEqual([40, 30, 1, 1]);
  });

  test.each([
    ['that stops before its codestream', join(signature, box('ftyp', Buffer.alloc(12))), 'image-truncated'],
    ['with an impossible box', join(signature, be32(7), 'free', Buffer.alloc(40)), 'image-corrupt'],
  ])('%s is refused', (_title, file, code) => {
    expect(headerOf(file)).toBe(code);
  });
});
