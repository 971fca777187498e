import { describe, expect, test } from '@jest/globals';
import { pngChunk } from '../../../../../support/hostile/parts.ts';
import { be32, exifBlock, headerOf, hex, join, orientationTag } from '../../../../../support/image-bytes.ts';

const signature = '\x89PNG\r\n\x1a\n';
const header = (width: number, height: number) =>
  pngChunk('IHDR', join(be32(width), be32(height), hex('08 02 00 00 00')));
const data = pngChunk('IDAT', hex('00'));
const text = pngChunk('tEXt', Buffer.from('a\0b'));
const png = (...chunks: Uint8Array[]) => join(signature, header(40, 30), ...chunks);
const upright = [40, 30, 1, 1];

describe('the header of a PNG', () => {
  test('has its size in IHDR, and is complete with the first data', () => {
    expect(headerOf(png(text, data.subarray(0, 8)))).toEqual(upright);
  });

  test.each([
    ['that does not begin with IHDR', join(signature, text, header(40, 30), data), 'image-corrupt'],
    [
      'whose IHDR has another length',
      join(signature, be32(14), header(40, 30).subarray(4), data),
      'image-corrupt',
    ],
    ['of no width', join(signature, header(0, 30), data), 'image-corrupt'],
    ['wider than is accepted', join(signature, header(0x80000000, 1), data), 'image-too-many-pixels'],
    ['higher than is accepted', join(signature, header(1, 0x80000000), data), 'image-too-many-pixels'],
    ['without data', png(pngChunk('IEND', hex(''))), 'image-corrupt'],
    ['with a chunk longer than PNG allows', png(be32(0x80000000), Buffer.from('tEXt')), 'image-corrupt'],
    ['that stops inside a chunk', png(text.subarray(0, -1)), 'image-truncated'],
    ['that stops', png(), 'image-truncated'],
  ])('%s is refused', (_title, file, code) => {
    expect(headerOf(file)).toBe(code);
  });

  test.each([
    ['width', join(signature, header(65_535, 1), data), [65_535, 1, 1, 1]],
    ['height', join(signature, header(1, 65_535), data), [1, 65_535, 1, 1]],
  ])('may have a %s of 65,535', (_title, file, expected) => {
    expect(headerOf(file)).toEqual(expected);
  });

  test.each([
    [9_999, upright],
    [10_000, 'image-too-complex'],
  ])('with %i chunks before its data', (count, expected) => {
    expect(headerOf(png(...Array<Buffer>(count).fill(text), data))).toEqual(expected);
  });

  test('may have a chunk of the largest length, for which it waits', () => {
    expect(headerOf(png(be32(0x7fffffff), Buffer.from('tEXt')))).toBe('image-truncated');
  });
});

describe('the orientation of a PNG', () => {
  const exif = exifBlock([[orientationTag, 8]]);

  test('is that of its eXIf chunk before the data', () => {
    expect(headerOf(png(pngChunk('eXIf', exif), text, data))).toEqual([30, 40, 1, 8]);
  });

  test('is not looked for in a chunk over a mebibyte', () => {
    const sized = (bytes: number) => pngChunk('eXIf', join(exif, Buffer.alloc(bytes - exif.length)));
    expect(headerOf(png(sized(1_048_576), data))).toEqual([30, 40, 1, 8]);
    expect(headerOf(png(sized(1_048_577), data))).toEqual(upright);
  });
});
