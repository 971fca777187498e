import { beforeAll, describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { chooseEngine } from '../../../../../shared/images/process/engine/choose.ts';
import type { Engine, Picture } from '../../../../../shared/images/process/engine/port.ts';
import { inspect } from '../../../../../shared/images/process/inspect.ts';

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
    const image = await engine.open(file, inspect(file, limits));
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

  test('from CMYK with its profile', async () => {
    const cmyk = await flat().withIccProfile('cmyk').jpeg({ quality: 100 }).toBuffer();
    expect((await sharp(cmyk).metadata()).space).toBe('cmyk');
    // Inks reach fewer colours than screens do.
    expectClose(await pixel(cmyk), [red, green, blue], 30);
  });

  test('from 16 bits a channel', async () => {
    const deep = await flat().toColourspace('rgb16').png().toBuffer();
    expect((await sharp(deep).metadata()).depth).toBe('ushort');
    expectClose(await pixel(deep), [red, green, blue], 1);
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
