import { describe, expect, test } from '@jest/globals';
import { be16, be32, be64, headerOf, hex, join } from '../../../../../support/image-bytes.ts';

const box = (type: string, ...parts: (string | Uint8Array)[]) => {
  const body = join(...parts);
  return join(be32(body.length + 8), type, body);
};
const full = hex('00000000');
const size = (width: number, height: number) => box('ispe', full, be32(width), be32(height));
const rotation = (quarters: number) => box('irot', Buffer.from([quarters]));
const meta = (...properties: Uint8Array[]) =>
  box('meta', full, box('hdlr', Buffer.alloc(20)), box('iprp', box('ipco', ...properties)));
const type = box('ftyp', 'avif', hex('00000000'), 'mif1', 'avif');
const upright = [40, 30, 1, 1];

describe('the header of an AVIF (ISO/IEC 23008-12)', () => {
  test('may have a last box that reaches to the end of the file and says 0', () => {
    const whole = meta(size(40, 30));
    whole.writeUInt32BE(0, 0);
    expect(headerOf(join(type, whole))).toEqual(upright);
  });

  test('has its size in the properties of its meta box, wherever that is', () => {
    expect(headerOf(join(type, meta(size(40, 30))))).toEqual(upright);
    expect(headerOf(join(type, box('free', Buffer.alloc(100)), meta(size(40, 30)), 'rest'))).toEqual(upright);
  });

  test('is as large as the largest of its sizes, a thumbnail being one', () => {
    expect(headerOf(join(type, meta(size(7, 7), size(40, 30), size(30, 7))))).toEqual(upright);
    expect(headerOf(join(type, meta(size(40, 30), size(7, 7))), 1_199)).toBe('image-too-many-pixels');
    expect(headerOf(join(type, meta(size(40, 30), size(7, 7))), 1_200)).toEqual(upright);
  });

  test.each([
    [0, upright],
    [1, [30, 40, 1, 1]],
    [2, upright],
    [3, [30, 40, 1, 1]],
    [0xfc, upright],
    [0xfd, [30, 40, 1, 1]],
  ])('turned by %i quarters is as it is shown', (quarters, expected) => {
    expect(headerOf(join(type, meta(size(40, 30), rotation(quarters))))).toEqual(expected);
  });

  const ipma = (item: number, ...indices: number[]) =>
    box('ipma', full, be32(1), be16(item), Buffer.from([indices.length, ...indices]));
  const twoItems = (...associations: Uint8Array[]) =>
    box(
      'meta',
      full,
      box('pitm', full, be16(1)),
      box('iprp', box('ipco', size(40, 30), size(200, 150), rotation(1)), ...associations),
    );

  test('is that of the item that is the picture: a gain map may be larger, and turned', () => {
    expect(headerOf(join(type, twoItems(ipma(1, 1), ipma(2, 2, 3))))).toEqual(upright);
    expect(headerOf(join(type, twoItems(ipma(1, 1, 0x80 | 3), ipma(2, 2))))).toEqual([30, 40, 1, 1]);
  });

  test('is not turned by a rotation that says nothing', () => {
    expect(headerOf(join(type, meta(size(40, 30), box('irot'))))).toEqual(upright);
  });

  test('may have boxes with lengths of 64 bits, and one to the end of its parent', () => {
    const long = (body: Uint8Array) => join(be32(1), 'free', be64(body.length + 16), body);
    expect(headerOf(join(type, long(Buffer.alloc(50)), meta(size(40, 30))))).toEqual(upright);
    const toEnd = join(be32(0), 'iprp', box('ipco', size(40, 30)));
    expect(headerOf(join(type, box('meta', full, toEnd)))).toEqual(upright);
  });

  const properties = (...parts: Uint8Array[]) => box('meta', full, box('iprp', box('ipco', ...parts)));
  test.each([
    ['without a meta box', type, 'image-corrupt'],
    ['without properties', join(type, box('meta', full, box('hdlr', Buffer.alloc(20)))), 'image-corrupt'],
    ['without a container of properties', join(type, box('meta', full, box('iprp'))), 'image-corrupt'],
    ['without a size', join(type, meta(rotation(1))), 'image-corrupt'],
    ['whose size is too short', join(type, properties(box('ispe', full, be32(40)))), 'image-corrupt'],
    ['of no width', join(type, meta(size(0, 30))), 'image-corrupt'],
    [
      'with a box that is longer than its parent',
      join(type, properties(join(be32(100), 'ispe', full))),
      'image-corrupt',
    ],
    [
      'with a box shorter than its own header',
      join(type, properties(join(be32(7), 'ispe', full))),
      'image-corrupt',
    ],
    [
      'with a long box inside',
      join(type, properties(join(be32(1), 'ispe', be64(28), full, be64(0)))),
      'image-corrupt',
    ],
    ['with an impossible length', join(type, be32(7), 'free', Buffer.alloc(20)), 'image-corrupt'],
    [
      'with an impossible long length',
      join(type, be32(1), 'free', be64(15), Buffer.alloc(20)),
      'image-corrupt',
    ],
    ['that stops inside its meta box', join(type, meta(size(40, 30))).subarray(0, -1), 'image-truncated'],
  ])('%s is refused', (_title, file, code) => {
    expect(headerOf(file)).toBe(code);
  });

  test('may have a box of nothing but its header, and a size with more behind it', () => {
    const longer = box('ispe', full, be32(40), be32(30), full);
    expect(headerOf(join(type, be32(8), 'free', properties(box('free'), longer)))).toEqual(upright);
  });

  test.each([
    [4_194_304, upright],
    [4_194_305, 'image-too-complex'],
  ])('with %i bytes of metadata', (bytes, expected) => {
    const inner = box('iprp', box('ipco', size(40, 30)));
    const filler = box('free', Buffer.alloc(bytes - 4 - inner.length - 8));
    expect(headerOf(join(type, box('meta', full, filler, inner)))).toEqual(expected);
  });

  test.each([
    [4_095, upright],
    [4_096, 'image-corrupt'],
  ])('with %i boxes beside its size', (count, expected) => {
    expect(headerOf(join(type, properties(...Array<Buffer>(count).fill(box('free')), size(40, 30))))).toEqual(
      expected,
    );
  });
});
