import { describe, expect, test } from '@jest/globals';
import { headerOf, hex, join, le16 } from '../../../../../support/image-bytes.ts';

const screen = (width: number, height: number, flags = 0) =>
  join('GIF89a', le16(width), le16(height), Buffer.from([flags, 0, 0]));
const frame = (flags = 0) => join(',', le16(0), le16(0), le16(1), le16(1), Buffer.from([flags]));
const pixels = hex('02 02 4401 00');
const image = join(frame(), pixels);
const comment = join('!', hex('fe 05'), 'hello', hex('06'), 'world!', hex('00'));
const gif = (...blocks: (string | Uint8Array)[]) => join(screen(40, 30), ...blocks);

describe('the header of a GIF (GIF89a)', () => {
  test('has its size in the screen, and as many frames as there are', () => {
    expect(headerOf(gif(comment, image, ';'))).toEqual([40, 30, 1, 1]);
    expect(headerOf(gif(image, comment, image, image, ';'))).toEqual([40, 30, 3, 1]);
  });

  test.each([
    ['that all have 2 colours', 0x80, 6],
    ['that all have 256 colours', 0x87, 768],
  ])('passes over tables of colours %s', (_title, flags, bytes) => {
    // A table full of trailers: who reads it as blocks stops there.
    const table = Buffer.alloc(bytes, ';');
    expect(headerOf(join(screen(40, 30, flags), table, frame(flags), table, pixels, image, ';'))).toEqual([
      40, 30, 2, 1,
    ]);
  });

  test('has no table of colours where the flag is not set, whatever its size says', () => {
    expect(headerOf(join(screen(40, 30, 0x07), frame(0x07), pixels, ';'))).toEqual([40, 30, 1, 1]);
  });

  test.each([
    ['without a trailer', gif(image)],
    ['with zeros in its place', gif(image, hex('00 00 00'))],
    ['with anything behind it', gif(image, ';', 'rest')],
    ['with a block of no kind behind a frame', gif(image, 'x')],
    ['cut in a later frame', gif(image, image.subarray(0, -1))],
    ['cut in the head of a later frame', gif(image, image.subarray(0, 4))],
    ['cut in a comment', gif(image, comment.subarray(0, 8))],
  ])('is whole %s', (_title, file) => {
    expect(headerOf(file)).toEqual([40, 30, 1, 1]);
  });

  test.each([
    ['without a frame', gif(comment, ';'), 'image-corrupt'],
    ['that ends before its first frame', gif(comment), 'image-truncated'],
    ['that begins with zeros', gif(hex('00'), image, ';'), 'image-corrupt'],
    ['with a block of no kind that is known', gif('x', image, ';'), 'image-corrupt'],
    ['that stops inside a frame', gif(image.subarray(0, -1)), 'image-truncated'],
    ['of no width', join(screen(0, 30), image), 'image-corrupt'],
    ['of no height', join(screen(40, 0), image), 'image-corrupt'],
  ])('%s is refused', (_title, file, code) => {
    expect(headerOf(file)).toBe(code);
  });

  test('is held against the limit by its first frame', () => {
    expect(headerOf(gif(image, image, image), 40 * 30)).toEqual([40, 30, 3, 1]);
    expect(headerOf(gif(image), 40 * 30 - 1)).toBe('image-too-many-pixels');
  });

  test.each([
    [10_000, [40, 30, 10_000, 1]],
    [10_001, 'image-too-complex'],
  ])('with %i frames', (count, expected) => {
    expect(headerOf(gif(...Array<Buffer>(count).fill(image)))).toEqual(expected);
  });

  test.each([
    [250_000, 1, [40, 30, 1, 1]],
    [250_001, 1, 'image-too-complex'],
    [250_001, 31, 'image-too-complex'],
    [250_001, 32, [40, 30, 1, 1]],
  ])('may come in %i pieces of %i bytes: %j', (count, length, expected) => {
    const piece = Buffer.alloc(length + 1, length);
    const half = (pieces: number) =>
      join('!', hex('fe'), Buffer.alloc(pieces * piece.length, piece), hex('00'));
    expect(headerOf(gif(half(125_000), half(count - 125_000), join(frame(), hex('02 00'))))).toEqual(
      expected,
    );
  });
});
