import { describe, expect, test } from '@jest/globals';
import { decodeBmp } from '../../../../../shared/images/process/engine/bmp.ts';
import { inMemory } from '../../../../../shared/images/process/file/in-memory.ts';
import { join, le16, le32 } from '../../../../support/image-bytes.ts';

const [red, green, black] = ['ff0000ff', '00ff00ff', '000000ff'];
const palette = Buffer.from([0, 0, 255, 0, 0, 255, 0, 0]);

/** 3×2 pixels, from the bottom, of a palette of red and green. */
function runs(...packed: number[]): Buffer {
  const header = join(
    ...[le32(40), le32(3), le32(2), le16(1), le16(8), le32(1), le32(packed.length)],
    ...[le32(0), le32(0), le32(2), le32(0)],
  );
  const offset = 14 + header.length + palette.length;
  return join('BM', le32(0), le32(0), le32(offset), header, palette, Buffer.from(packed));
}

function pixels(file: Buffer): string[] {
  const decoded = decodeBmp(inMemory(file));
  if ('type' in decoded) throw new Error('it holds another file');
  return decoded.data.toString('hex').match(/.{8}/g)!;
}

const [endOfLine, end, skip] = [
  [0, 0],
  [0, 1],
  [0, 2],
];

describe('runs of a BMP', () => {
  test('fill rows from the bottom', () => {
    expect(pixels(runs(...[3, 0], ...endOfLine, ...[3, 1], ...end))).toEqual([
      ...[green, green, green],
      ...[red, red, red],
    ]);
  });

  test('leave black what they skip, as Chromium 156 shows it', () => {
    expect(pixels(runs(...[1, 1], ...skip, 1, 1, ...[1, 1], ...end))).toEqual([
      ...[black, black, green],
      ...[green, black, black],
    ]);
  });

  test('leave black what comes behind an early end marker', () => {
    expect(pixels(runs(...[3, 1], ...end))).toEqual([black, black, black, green, green, green]);
  });

  test('need no end marker behind the last pixel', () => {
    expect(pixels(runs(...[3, 1], ...endOfLine, ...[3, 1]))).toEqual(Array<string>(6).fill(green));
  });

  test('are cut where they end before it', () => {
    for (const packed of [[3, 1, 0, 0, 2, 1], [3, 1], []]) {
      expect(() => pixels(runs(...packed))).toThrow('The file ends before the image does');
    }
  });
});
