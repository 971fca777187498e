import { describe, expect, test } from '@jest/globals';
import { Jimp } from 'jimp';
import type { Image } from '../../../../../shared/images/process/ports.ts';
import blurhash from '../../../../../shared/images/process/processors/blurhash.ts';
import dominantColour from '../../../../../shared/images/process/processors/dominant-colour.ts';
import preview from '../../../../../shared/images/process/processors/preview.ts';
import thumbnail from '../../../../../shared/images/process/processors/thumbnail.ts';
import web from '../../../../../shared/images/process/processors/web.ts';

/** A picture of these RGBA pixels, in rows of `width`. */
const picture = (width: number, pixels: readonly (readonly [number, number, number, number])[]): Image =>
  new Jimp({ width, height: pixels.length / width, data: Buffer.from(pixels.flat()) });
const red = [200, 10, 20, 255] as const;
const green = [10, 200, 20, 255] as const;
const clear = [0, 0, 255, 0] as const;

test.each([
  [web, 'web', 1_600],
  [preview, 'preview', 720],
])(
  '%# a picture for a page is at most so large, inside a square, and unchanged otherwise',
  (processor, name, side) => {
    expect(processor).toMatchObject({
      ...{ name, version: '1', variants: [name], needs: { width: side, height: side, fit: 'inside' } },
    });
    const image = picture(1, [red]);
    expect(processor.process(image)).toEqual({ variants: [{ name, image }] });
  },
);

test('a thumbnail is a square of 160 pixels from the middle', () => {
  expect(thumbnail).toMatchObject({
    variants: ['thumbnail'],
    needs: { width: 160, height: 160, fit: 'cover' },
  });
  const row = [red, green, red].flatMap((pixel) => Array<typeof red | typeof green>(160).fill(pixel));
  const wide = picture(480, Array<typeof row>(160).fill(row).flat());
  const [made] = thumbnail.process(wide).variants;
  expect(made!.name).toBe('thumbnail');
  const { width, height, data } = made!.image.bitmap;
  expect([width, height]).toEqual([160, 160]);
  const at = (x: number, y: number) => [...data.subarray((y * 160 + x) * 4).subarray(0, 4)];
  expect([at(0, 0), at(159, 159)]).toEqual([[...green], [...green]]);
});

describe('the dominant colour', () => {
  const colourOf = (...pixels: (readonly [number, number, number, number])[]) =>
    dominantColour.process(picture(pixels.length, pixels)).facts.dominantColour;

  test('is that of most pixels', () => {
    expect(colourOf(red, green, red)).toBe('#c80a14');
    expect(colourOf(red, green, green)).toBe('#0ac814');
  });

  test('is the mean of its near shades, of which a channel has sixteen', () => {
    expect(colourOf([192, 0, 0, 255], [207, 0, 0, 255], green)).toBe('#c80000');
    expect(colourOf([0, 192, 0, 255], [0, 207, 0, 255], red)).toBe('#00c800');
    expect(colourOf([0, 0, 192, 255], [0, 0, 207, 255], red)).toBe('#0000c8');
  });

  test.each([
    [
      [191, 0, 0, 255],
      [192, 0, 0, 255],
    ],
    [
      [0, 191, 0, 255],
      [0, 192, 0, 255],
    ],
    [
      [0, 0, 191, 255],
      [0, 0, 192, 255],
    ],
    [
      [16, 0, 0, 255],
      [0, 16, 0, 255],
    ],
    [
      [0, 16, 0, 255],
      [0, 0, 16, 255],
    ],
  ] as const)('keeps shades of different sixteenths apart: %j and %j', (one, other) => {
    const hex = (colour: readonly number[]) =>
      `#${colour
        .slice(0, 3)
        .map((part) => part.toString(16).padStart(2, '0'))
        .join('')}`;
    expect(colourOf([...one], [...other], [...other])).toBe(hex(other));
  });

  test('counts a pixel by how much it covers', () => {
    const faint = [10, 200, 20, 100] as const;
    expect(colourOf(red, faint, faint)).toBe('#c80a14');
    expect(colourOf(red, faint, faint, faint)).toBe('#0ac814');
  });

  test('of a picture that is all transparent is none', () => {
    expect(colourOf(clear, clear)).toBeNull();
  });

  test('is made of a picture of 32 pixels', () => {
    expect(dominantColour).toMatchObject({ variants: [], needs: { width: 32, height: 32, fit: 'inside' } });
  });
});

describe('the blurhash', () => {
  const hashOf = (image: Image) => blurhash.process(image).facts.blurhash;
  const uniform = (pixel: readonly [number, number, number, number]) => picture(4, Array(12).fill(pixel));

  test('has four components across and three down, of a picture of 32 pixels', () => {
    // The first digit is (across - 1) + 9 × (down - 1), in base 83: L is 21.
    expect(hashOf(uniform(red))[0]).toBe('L');
    expect(blurhash).toMatchObject({ variants: [], needs: { width: 32, height: 32, fit: 'inside' } });
  });

  /** The digits 3 to 6 of a blurhash are its mean colour (https://blurha.sh). */
  const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~';
  const meanOf = (hash: string) => {
    const value = [2, 3, 4, 5].reduce((sum, at) => sum * 83 + digits.indexOf(hash.charAt(at)), 0);
    return [value >> 16, (value >> 8) & 255, value & 255];
  };
  test('shows the colour of the picture', () => {
    for (const [index, value] of meanOf(hashOf(uniform(red))).entries()) {
      expect(Math.abs(value - red[index]!)).toBeLessThanOrEqual(2);
    }
  });

  test('shows white where the picture is transparent, and in between where it is half', () => {
    expect(meanOf(hashOf(uniform(clear))).every((value) => value >= 253)).toBe(true);
    const [, , blue] = meanOf(hashOf(uniform([0, 0, 0, 128])));
    expect(Math.abs(blue! - 127)).toBeLessThanOrEqual(2);
  });
});
