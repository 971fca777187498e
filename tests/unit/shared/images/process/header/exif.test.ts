import { describe, expect, test } from '@jest/globals';
import { exifOrientation } from '../../../../../../shared/images/process/header/exif.ts';
import { exifBlock, hex, join, orientationTag } from '../../../../../support/image-bytes.ts';

/** Behind other bytes, as it lies in a file. */
const orientationOf = (block: Uint8Array) => {
  const whole = join('before', block);
  return exifOrientation(new DataView(whole.buffer, whole.byteOffset + 6, block.length));
};

describe('the orientation in an EXIF block', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('%i is read in either byte order', (orientation) => {
    const entries = [[orientationTag, orientation]] as const;
    expect(orientationOf(exifBlock(entries, 'II'))).toBe(orientation);
    expect(orientationOf(exifBlock(entries, 'MM'))).toBe(orientation);
  });

  test.each([0, 9, 65_535])('%i is none, so the picture is upright', (orientation) => {
    expect(orientationOf(exifBlock([[orientationTag, orientation]]))).toBe(1);
  });

  test('is found behind other entries', () => {
    const entries = [
      [256, 5],
      [257, 7],
      [orientationTag, 6],
    ] as const;
    expect(orientationOf(exifBlock(entries))).toBe(6);
  });

  const whole = exifBlock([[orientationTag, 6]]);
  test.each([
    ['has no entries', exifBlock([])],
    ['has only others', exifBlock([[256, 6]])],
    ['is empty', hex('')],
    ['is shorter than its header', whole.subarray(0, 7)],
    ['has no directory', whole.subarray(0, 8)],
    ['has half a count', whole.subarray(0, 9)],
    ['ends inside the entry', whole.subarray(0, -1)],
    ['has no byte order', join('XX', whole.subarray(2))],
    ['points behind its end', join(whole.subarray(0, 4), hex('ff000000'), whole.subarray(8))],
  ])('is upright where the block %s', (_title, block) => {
    expect(orientationOf(block)).toBe(1);
  });

  test('is read where the block ends with its entry', () => {
    expect(orientationOf(whole)).toBe(6);
  });
});
