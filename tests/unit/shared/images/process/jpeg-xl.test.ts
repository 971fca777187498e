import { readFile } from 'node:fs/promises';
import { beforeAll, expect, jest, test } from '@jest/globals';
import { chooseEngine } from '../../../../../shared/images/process/engine/choose.ts';
import type { Decoded, Engine, OpenImage } from '../../../../../shared/images/process/engine/port.ts';
import { inMemory } from '../../../../../shared/images/process/file/in-memory.ts';
import { inspect } from '../../../../../shared/images/process/inspect.ts';
import { photoPixels } from '../../../../support/photos.ts';

jest.setTimeout(60_000);

const limits = { maxPixels: 50_000_000, timeoutMs: 30_000, memoryMb: 512 };
const fixture = (name: string) => readFile(new URL(`../../../../fixtures/images/${name}`, import.meta.url));

let engine: Engine;
beforeAll(async () => {
  engine = await chooseEngine('native', limits);
});

async function decoded(file: Buffer): Promise<OpenImage & Decoded> {
  const image = await engine.open(inMemory(file), inspect(inMemory(file), limits));
  return { ...image, ...(await image.decode(image)) };
}

type Colour = readonly number[];
/** How far the picture's colours are from what they should be, in the mean. */
async function meanDifference(
  file: Buffer,
  wanted: (x: number, y: number) => Colour,
  step: number,
): Promise<number> {
  const { picture } = await decoded(file);
  const { width, height, channels, data } = picture;
  let [sum, count] = [0, 0];
  for (let y = 0; y < height; y += step) {
    for (let x = 0; x < width; x += step) {
      for (const [channel, value] of wanted(x, y).entries()) {
        sum += Math.abs(data[(y * width + x) * channels + channel]! - value);
        count += 1;
      }
    }
  }
  return sum / count;
}

const [across, down] = [2999, 1499];

test('a picture that is decoded in stripes has no seams, and each row where it belongs', async () => {
  const wanted = (x: number, y: number): Colour => [(255 * x) / across, (255 * y) / down, 0];
  expect(await meanDifference(await fixture('stripes.jxl'), wanted, 16)).toBeLessThan(3);
});

test('neither has one that is turned', async () => {
  const wanted = (x: number, y: number): Colour => [(255 * y) / across, (255 * (down - x)) / down, 0];
  expect(await meanDifference(await fixture('stripes-orientation-6.jxl'), wanted, 16)).toBeLessThan(3);
});

const [width, height] = [320, 200];

test('colours that the file has multiplied with alpha come out as they were', async () => {
  const photo = await photoPixels(width, height, 3);
  const wanted = (x: number, y: number): Colour => {
    const at = (y * width + x) * 3;
    return [photo.data[at]!, photo.data[at + 1]!, photo.data[at + 2]!, 255 * (0.25 + (0.75 * x) / width)];
  };
  expect(await meanDifference(await fixture('premultiplied.jxl'), wanted, 1)).toBeLessThan(5);
});

test('film grain, which the decoder adds, leaves a photo what it was', async () => {
  const photo = await photoPixels(width, height, 3);
  const wanted = (x: number, y: number): Colour =>
    photo.data.subarray((y * width + x) * 3).subarray(0, 3) as unknown as Colour;
  expect(await meanDifference(await fixture('film-grain.jxl'), wanted, 1)).toBeLessThan(8);
});

const codeOf = (file: Buffer) =>
  decoded(file).then(
    () => 'a picture',
    (error: unknown) => (error as { code: string }).code,
  );

test('a file that ends early has no picture', async () => {
  const file = await fixture('photo.jxl');
  for (const share of [0.3, 0.9]) {
    expect(await codeOf(file.subarray(0, Math.floor(file.length * share)))).toBe('image-truncated');
  }
});

test('damage anywhere in a picture is found, and is the file’s', async () => {
  const file = await fixture('photo.jxl');
  const found = new Set<string>();
  for (let at = 200; at < file.length; at += 900) {
    const damaged = Buffer.from(file);
    damaged[at]! ^= 16;
    found.add(await codeOf(damaged));
  }
  expect([...found]).toEqual(['image-corrupt']);
});

test('of an animation the first frame is shown and all are counted, also where a later one is cut', async () => {
  const file = await fixture('animated.jxl');
  const whole = await decoded(file);
  expect([whole.frames, whole.isPartial, ...whole.picture.data.subarray(0, 3)]).toEqual([
    3,
    false,
    255,
    0,
    0,
  ]);
  const cut = await decoded(file.subarray(0, file.length - 4));
  expect([cut.frames, cut.isPartial, ...cut.picture.data.subarray(0, 3)]).toEqual([2, true, 255, 0, 0]);
});
