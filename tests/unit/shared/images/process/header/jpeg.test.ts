import { describe, expect, test } from '@jest/globals';
import { jpegSegment } from '../../../../../support/hostile/parts.ts';
import { be16, exifBlock, headerOf, hex, join, orientationTag } from '../../../../../support/image-bytes.ts';

const frame = (width: number, height: number, marker = 0xc0) =>
  jpegSegment(marker, join(hex('08'), be16(height), be16(width), hex('01 011100')));
const scan = jpegSegment(0xda, hex('0101 00003f00'));
const comment = jpegSegment(0xfe, Buffer.from('a comment that is long enough to tell a type by'));
const jpeg = (...segments: Uint8Array[]) => join(hex('ffd8'), comment, ...segments);
const upright = [40, 30, 1, 1];

describe('the header of a JPEG (ITU-T T.81)', () => {
  test.each([0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf])(
    'has its size in the frame header of marker %i',
    (marker) => expect(headerOf(jpeg(frame(40, 30, marker), scan))).toEqual(upright),
  );

  test.each([0xc4, 0xc8, 0xcc, 0xdb, 0xbf, 0xd9 + 1])('has none in marker %i, which is no frame', (marker) =>
    expect(headerOf(jpeg(frame(7, 7, marker)))).not.toEqual([7, 7, 1, 1]),
  );

  test.each([0xc4, 0xc8, 0xcc])('goes on behind marker %i, whose content looks like a size', (marker) => {
    expect(headerOf(jpeg(frame(40, 30), frame(7, 7, marker), scan))).toEqual(upright);
  });

  test.each([0x01, 0xd0, 0xd7, 0xd8])('passes marker %i, which stands alone', (marker) => {
    expect(headerOf(jpeg(Buffer.from([0xff, marker]), frame(40, 30), scan))).toEqual(upright);
  });

  test('is complete with the first scan, whatever follows', () => {
    expect(headerOf(jpeg(frame(40, 30), scan, hex('00 ff')))).toEqual(upright);
    expect(headerOf(jpeg(frame(40, 30), hex('ffda 0002')))).toEqual(upright);
  });

  test.each([
    ['with a scan before its frame', jpeg(scan, frame(40, 30)), 'image-corrupt'],
    ['that ends before its first scan', jpeg(frame(40, 30), hex('ffd9')), 'image-corrupt'],
    ['that stops', jpeg(frame(40, 30)), 'image-truncated'],
    ['with a segment shorter than its own length', jpeg(hex('fffe 0001')), 'image-corrupt'],
    [
      'with a frame header too short for a size',
      jpeg(jpegSegment(0xc0, hex('08 001e 0028'))),
      'image-corrupt',
    ],
    ['of no width', jpeg(frame(0, 30), scan), 'image-corrupt'],
    ['of no height', jpeg(frame(40, 0), scan), 'image-corrupt'],
  ])('%s is refused', (_title, file, code) => {
    expect(headerOf(file)).toBe(code);
  });

  test('may have empty segments and the shortest frame header', () => {
    const shortest = jpegSegment(0xc0, hex('08 001e 0028 01'));
    expect(headerOf(jpeg(hex('fffe 0002'), shortest, scan))).toEqual(upright);
  });

  test('may have fill bytes before a marker, and bytes between segments that are none', () => {
    expect(headerOf(jpeg(hex('ffffff'), hex('00 12 ff00 34'), frame(40, 30), scan))).toEqual(upright);
  });

  test.each([
    [65_000, upright],
    [66_000, 'image-corrupt'],
  ])('with %i bytes that are no segment', (count, expected) => {
    expect(headerOf(jpeg(Buffer.alloc(count, 7), frame(40, 30), scan))).toEqual(expected);
  });
});

describe('the orientation of a JPEG', () => {
  const app1 = (...parts: (string | Uint8Array)[]) => jpegSegment(0xe1, join(...parts));
  const exif = exifBlock([[orientationTag, 6]]);

  test('is that of its EXIF, and turns its size', () => {
    expect(headerOf(jpeg(app1('Exif\0\0', exif), frame(40, 30), scan))).toEqual([30, 40, 1, 6]);
  });

  test('stays when another block follows, as XMP does', () => {
    const xmp = app1('http://ns.adobe.com/xap/1.0/\0<x/>');
    expect(headerOf(jpeg(app1('Exif\0\0', exif), xmp, frame(40, 30), scan))).toEqual([30, 40, 1, 6]);
  });

  test.each([
    ['has another name', app1('Exif\0x', exif)],
    ['is nothing but its name', app1('Exif\0\0')],
    ['is empty', app1()],
  ])('is upright where the block %s', (_title, block) => {
    expect(headerOf(jpeg(block, frame(40, 30), scan))).toEqual(upright);
  });

  test('comes from no other segment', () => {
    const app2 = jpegSegment(0xe2, join('Exif\0\0', exif));
    expect(headerOf(jpeg(app2, frame(40, 30), scan))).toEqual(upright);
  });
});
