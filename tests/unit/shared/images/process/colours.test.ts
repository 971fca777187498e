import { beforeAll, describe, expect, test } from '@jest/globals';
import { inMemory } from '../../../../../shared/images/process/file/in-memory.ts';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { chooseEngine } from '../../../../../shared/images/process/engine/choose.ts';
import type { Engine, Picture } from '../../../../../shared/images/process/engine/port.ts';
import { inspect } from '../../../../../shared/images/process/inspect.ts';
import { jpegSegment, pngChunk, withJpegSegments, withPngChunks } from '../../../../support/hostile/parts.ts';
import { screenProfile, srgbAtD50 } from '../../../../support/icc-profile.ts';
import { join, le16 } from '../../../../support/image-bytes.ts';
import { plainTiff } from '../../../../support/plain-tiff.ts';

/** Of 64×48 pixels of these inks. */
function cmykTiff(inks: readonly number[], bits: 8 | 16, profile?: Uint8Array): Buffer {
  const pixel = join(...inks.map((ink) => (bits === 8 ? Buffer.from([ink]) : le16(ink * 257))));
  const pixels = join(...Array<Buffer>(64 * 48).fill(pixel));
  return plainTiff(64, 48, pixels, [
    [258, bits],
    [262, 5],
    [277, 4],
    ...(profile ? [[34_675, profile] as const] : []),
  ]);
}

const limits = { maxPixels: 50_000_000, timeoutMs: 30_000, memoryMb: 512 };
const [red, green, blue] = [200, 90, 40];
const flat = () =>
  sharp({ create: { width: 64, height: 48, channels: 3, background: { r: red, g: green, b: blue } } });

describe('colours come out as sRGB', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await chooseEngine('native', limits);
  });

  const decode = async (file: Buffer): Promise<Picture> => {
    const image = await engine.open(inMemory(file), inspect(inMemory(file), limits));
    return (await image.decode({ width: 32, height: 24 })).picture;
  };
  const pixel = async (file: Buffer): Promise<number[]> => {
    const { data, channels } = await decode(file);
    return [...data.subarray(0, channels)];
  };
  const expectClose = (actual: number[], wanted: number[], within: number) => {
    expect(actual).toHaveLength(wanted.length);
    for (const [at, value] of wanted.entries())
      expect(Math.abs(actual[at]! - value)).toBeLessThanOrEqual(within);
  };

  test('from a Display P3 profile', async () => {
    const wide = await flat().withIccProfile('p3').png().toBuffer();
    const stored = [...(await sharp(wide, { ignoreIcc: true }).raw().toBuffer()).subarray(0, 3)];
    // The file holds other numbers, which mean the same colour.
    expect(stored).not.toEqual([red, green, blue]);
    expectClose(await pixel(wide), [red, green, blue], 3);
  });

  test.each([
    ['orange', '#c85a28', [191, 87, 52]],
    ['black', '#000000', [48, 41, 56]],
    ['grey', '#777777', [105, 92, 95]],
    ['white', '#ffffff', [252, 254, 255]],
    ['blue', '#2040a0', [45, 67, 128]],
    ['green', '#30a050', [48, 148, 80]],
  ])('from CMYK with its profile as Chromium 156 shows it: %s', async (_name, background, shown) => {
    const inks = sharp({ create: { width: 64, height: 48, channels: 3, background } }).withIccProfile('cmyk');
    const files = [inks.clone().jpeg({ quality: 100 }), inks.clone().tiff({ compression: 'none' })];
    for (const file of files) {
      const bytes = await file.toBuffer();
      expect((await sharp(bytes).metadata()).space).toBe('cmyk');
      expectClose(await pixel(bytes), shown, 5);
    }
  });

  test.each([8, 16] as const)('from CMYK of %i bits without a profile', async (bits) => {
    // What is missing from white, by black.
    expectClose(await pixel(cmykTiff([51, 102, 204, 51], bits)), [163, 122, 41], 1);
  });

  test('from CMYK of 16 bits with a profile as from 8', async () => {
    const { icc } = await sharp(await flat().withIccProfile('cmyk').jpeg().toBuffer()).metadata();
    const [deep, plain] = [16, 8].map((bits) => cmykTiff([0, 168, 254, 52], bits as 8 | 16, icc));
    expectClose(await pixel(deep!), await pixel(plain!), 1);
    expectClose(await pixel(deep!), [191, 88, 47], 5);
  });

  test('from CMYK with a profile of another space, or of nothing, as if there was none', async () => {
    const { icc } = await sharp(await flat().withIccProfile('p3').jpeg().toBuffer()).metadata();
    for (const profile of [icc, Buffer.alloc(500, 7)]) {
      expectClose(await pixel(cmykTiff([51, 102, 204, 51], 8, profile)), [163, 122, 41], 1);
    }
  });

  test('from 16 bits a channel', async () => {
    const deep = await flat().toColourspace('rgb16').png().toBuffer();
    expect((await sharp(deep).metadata()).depth).toBe('ushort');
    expectClose(await pixel(deep), [red, green, blue], 1);
  });

  test.each(['png', 'tiff'] as const)('from 16 bits a channel with a profile: %s', async (type) => {
    for (const profile of ['srgb', 'p3']) {
      const image = flat().toColourspace('rgb16').withIccProfile(profile);
      const deep = await (type === 'png' ? image.png() : image.tiff({ compression: 'none' })).toBuffer();
      expect(await sharp(deep).metadata()).toMatchObject({ depth: 'ushort', hasProfile: true });
      expectClose(await pixel(deep), [red, green, blue], 1);
    }
  });

  test('from a grey JPEG with a profile of colours, as Chromium 156 shows it', async () => {
    const grey = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#808080' } })
      .toColourspace('b-w')
      .jpeg()
      .toBuffer();
    const profile = join('ICC_PROFILE\0\x01\x01', screenProfile(srgbAtD50, 1));
    expectClose(await pixel(withJpegSegments(grey, [jpegSegment(0xe2, profile)])), [188, 188, 188], 1);
  });

  test.each([1, 2])(
    'from a grey PNG of %i channels with a profile of colours, as Chromium 156 shows it',
    async (channels) => {
      const create = { width: 64, height: 48, channels: 4, background: '#80808080' } as const;
      const image = sharp({ create }).toColourspace('b-w');
      const file = await (channels === 1 ? image.removeAlpha() : image).png().toBuffer();
      expect((await sharp(file).metadata()).channels).toBe(channels);
      const profile = join('p\0\0', deflateSync(screenProfile(srgbAtD50, 1)));
      const shown = [188, 188, 188, ...(channels === 1 ? [] : [128])];
      expectClose(await pixel(withPngChunks(file, [pngChunk('iCCP', profile)])), shown, 1);
    },
  );

  test('from the primaries X, Y and Z, as Chromium 156 shows them', async () => {
    const create = { width: 64, height: 48, channels: 3, background: { r: 120, g: 150, b: 110 } } as const;
    const file = await sharp({ create }).png().toBuffer();
    const described = withPngChunks(file, [pngChunk('cICP', Buffer.from([10, 13, 0, 1]))]);
    expectClose(await pixel(described), [22, 173, 99], 2);
  });

  test('from a palette', async () => {
    expectClose(await pixel(await flat().png({ palette: true }).toBuffer()), [red, green, blue], 4);
  });

  test('from grey, with three channels', async () => {
    const grey = await flat().toColourspace('b-w').png().toBuffer();
    const [first, second, third, ...rest] = await pixel(grey);
    expect([second, third, rest]).toEqual([first, first, []]);
  });

  test('from a palette with transparency, alpha included', async () => {
    const half = await sharp({
      create: { width: 64, height: 48, channels: 4, background: { r: red, g: green, b: blue, alpha: 0.5 } },
    })
      .png({ palette: true })
      .toBuffer();
    expectClose(await pixel(half), [red, green, blue, 128], 6);
  });

  test('an edge of alpha keeps its colour: what is transparent bleeds into nothing', async () => {
    // White on transparent black; without premultiplication the edge would turn grey.
    const data = Buffer.alloc(64 * 48 * 4);
    for (let at = 0; at < data.length; at += 4) if ((at / 4) % 64 < 31) data.fill(255, at, at + 4);
    const file = await sharp(data, { raw: { width: 64, height: 48, channels: 4 } })
      .png()
      .toBuffer();
    const scaled = await decode(file);
    for (let at = 0; at < scaled.data.length; at += 4) {
      if (scaled.data[at + 3]! > 8) expect(scaled.data[at]).toBeGreaterThanOrEqual(250);
    }
  });
});
