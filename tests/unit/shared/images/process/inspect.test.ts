import { describe, expect, test } from '@jest/globals';
import { inMemory } from '../../../../../shared/images/process/file/in-memory.ts';
import sharp from 'sharp';
import { DarkroomError } from '../../../../../shared/platform/errors.ts';
import { HeaderInspection, inspect } from '../../../../../shared/images/process/inspect.ts';
import { pngChunk, withPngChunks } from '../../../../support/hostile/parts.ts';
import { animation, formats, sampleImage } from '../../../../support/sample-images.ts';

const limits = { maxPixels: 50_000_000 };

function codeOf(work: () => unknown): string {
  try {
    work();
    return 'ok';
  } catch (error) {
    if (error instanceof DarkroomError) return error.code;
    throw error;
  }
}

describe.each(formats)('the header of %s', (format) => {
  test('tells type and size', async () => {
    expect(inspect(inMemory(await sampleImage(format, 161, 97)), limits)).toEqual({
      contentType: `image/${format}`,
      width: 161,
      height: 97,
      frames: 1,
      orientation: 1,
      isInterlaced: false,
      bytesPerPixel: expect.any(Number),
    });
  });

  test('is the same whether the file comes whole or byte by byte', async () => {
    const file = await sampleImage(format);
    const reader = new HeaderInspection(limits);
    for (let at = 0; at < file.length; at++) reader.write(file.subarray(at, at + 1));
    expect(reader.end()).toEqual(inspect(inMemory(file), limits));
  });

  test('refuses more pixels than are accepted, before the rest of the file is there', async () => {
    const file = await sampleImage(format, 200, 100);
    const reader = new HeaderInspection({ maxPixels: 19_999 });
    const half = file.subarray(0, format === 'tiff' ? file.length : file.length / 2);
    expect(codeOf(() => reader.write(half))).toBe('image-too-many-pixels');
  });

  test('of a file that ends in its header is truncated', async () => {
    const file = await sampleImage(format);
    expect(codeOf(() => inspect(inMemory(file.subarray(0, 40)), limits))).toBe('image-truncated');
  });
});

test.each([1, 2, 3, 4, 5, 6, 7, 8])(
  'width and height are those on display under orientation %i',
  async (orientation) => {
    const turned = orientation >= 5;
    const plain = sharp(await sampleImage('png', 60, 40));
    for (const format of ['jpeg', 'webp', 'png', 'tiff'] as const) {
      const file = await plain.clone().withMetadata({ orientation })[format]().toBuffer();
      const { width, height, ...header } = inspect(inMemory(file), limits);
      expect([format, header.orientation, width, height]).toEqual([
        format,
        orientation,
        turned ? 40 : 60,
        turned ? 60 : 40,
      ]);
    }
  },
);

test.each(['gif', 'webp'] as const)(
  'the frames of an animated %s are counted; the first is held against the limit',
  async (format) => {
    const file = await animation(format, 7, 50, 40);
    expect(inspect(inMemory(file), limits)).toMatchObject({ width: 50, height: 40, frames: 7 });
    expect(codeOf(() => inspect(inMemory(file), { maxPixels: 50 * 40 - 1 }))).toBe('image-too-many-pixels');
    expect(codeOf(() => inspect(inMemory(file), { maxPixels: 50 * 40 }))).toBe('ok');
  },
);

test.each([
  ['an SVG', '<svg xmlns="http://www.w3.org/2000/svg"/>', /SVG/],
  ['an SVG behind a byte order mark', '\xef\xbb\xbf<?xml version="1.0"?><svg/>', /SVG/],
  ['text', 'just some words', /first bytes/],
])('%s is refused with a reason that names it', (_, content, reason) => {
  const attempt = () => inspect(inMemory(Buffer.from(content, 'latin1')), limits);
  expect(codeOf(attempt)).toBe('unsupported-type');
  expect(attempt).toThrow(reason);
});

test('a reader knows the type as soon as the first bytes told', async () => {
  const reader = new HeaderInspection(limits);
  const file = await sampleImage('png');
  reader.write(file.subarray(0, 8));
  expect(reader.contentType).toBeUndefined();
  reader.write(file.subarray(8, 32));
  expect(reader.contentType).toBe('image/png');
});

describe('the first frame is laid onto a canvas', () => {
  const isPlaced = (file: Buffer) => inspect(inMemory(file), limits).isPlaced === true;
  const control = pngChunk('fcTL', Buffer.alloc(26));
  const animated = pngChunk('acTL', Buffer.alloc(8, 1));

  test('of an APNG, unless the image that programs without animations show is a frame', async () => {
    const still = await sampleImage('png');
    expect(isPlaced(still)).toBe(false);
    expect(isPlaced(withPngChunks(still, [animated]))).toBe(true);
    expect(isPlaced(withPngChunks(still, [animated, control]))).toBe(false);
  });

  test('of a GIF, where it is smaller than that', async () => {
    const file = Buffer.from(await sampleImage('gif', 60, 40));
    expect(isPlaced(file)).toBe(false);
    file.writeUInt16LE(61, 6);
    expect(isPlaced(file)).toBe(true);
  });
});
