import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { inMemory } from '../../../../../shared/images/process/file/in-memory.ts';
import sharp from 'sharp';
import { chooseEngine, engineNames } from '../../../../../shared/images/process/engine/choose.ts';
import type { Engine } from '../../../../../shared/images/process/engine/port.ts';
import { inspect } from '../../../../../shared/images/process/inspect.ts';
import type { ProcessedImage, Processor } from '../../../../../shared/images/process/ports.ts';
import { loadProcessors } from '../../../../../shared/images/process/registry.ts';
import { runProcessors } from '../../../../../shared/images/process/run-processors.ts';
import { jpegPhoto, pngCutOut } from '../../../../support/photos.ts';
import { animation, formats, sampleImage } from '../../../../support/sample-images.ts';

/** Other processors may be there as well. */
const standardNames = ['web', 'preview', 'thumbnail', 'blurhash', 'dominant-colour'];

const limits = { maxPixels: 50_000_000, timeoutMs: 30_000, memoryMb: 512 };

const processor = (process: Processor['process'], rest: Partial<Processor> = {}): Processor => ({
  name: 'test',
  version: '3',
  variants: ['test'],
  needs: 'full size',
  process,
  ...rest,
});

jest.setTimeout(90_000);

describe.each(engineNames)('the %s engine', (name) => {
  let engine: Engine;
  let standard: Processor[];
  beforeAll(async () => {
    engine = await chooseEngine(name, limits);
    standard = (await loadProcessors()).filter(({ name: one }) => standardNames.includes(one));
  });

  const run = (file: Buffer, processors: readonly Processor[] = standard): Promise<ProcessedImage> =>
    runProcessors(engine, processors, inMemory(file), inspect(inMemory(file), limits));
  const variant = (result: ProcessedImage, wanted: string) => {
    const found = result.variants.find((each) => each.name === wanted);
    if (!found) throw new Error(`no variant ${wanted}`);
    return found;
  };
  /** The mean colour of a region of an encoded image, of 16×16 pixels around a point. */
  const colourAt = async (bytes: Uint8Array, x: number, y: number): Promise<number[]> => {
    const region = { left: x - 8, top: y - 8, width: 16, height: 16 };
    const { channels } = await sharp(await sharp(bytes).extract(region).png().toBuffer()).stats();
    return channels.map(({ mean }) => Math.round(mean));
  };
  const close = (actual: readonly number[], wanted: readonly number[], within = 12): void => {
    for (const [channel, value] of wanted.entries()) {
      expect(Math.abs(actual[channel]! - value)).toBeLessThanOrEqual(within);
    }
  };

  test('makes the standard set: web 1600, preview 720, a square thumbnail of 160', async () => {
    const result = await run(await jpegPhoto(2000, 1000));
    const sizes = result.variants.map((each) => [each.name, each.contentType, each.width, each.height]);
    expect(sizes.sort()).toEqual([
      ['preview', 'image/jpeg', 720, 360],
      ['thumbnail', 'image/jpeg', 160, 160],
      ['web', 'image/jpeg', 1600, 800],
    ]);
    for (const each of result.variants) {
      const { format, width, height } = await sharp(each.bytes).metadata();
      expect([format, width, height]).toEqual(['jpeg', each.width, each.height]);
    }
    expect(result.facts.map((fact) => fact.name).sort()).toEqual(['blurhash', 'dominantColour']);
  });

  test('enlarges nothing but a thumbnail', async () => {
    const { variants } = await run(await sampleImage('png', 90, 60));
    expect(variants.map((each) => [each.name, each.width, each.height]).sort()).toEqual([
      ['preview', 90, 60],
      ['thumbnail', 160, 160],
      ['web', 90, 60],
    ]);
  });

  test('cuts a thumbnail from the middle of a very wide picture without blowing it up', async () => {
    const { variants } = await run(await sampleImage('png', 30_000, 2));
    expect(variants.find((each) => each.name === 'thumbnail')).toMatchObject({ width: 160, height: 160 });
  });

  test('decodes every type it says it does', async () => {
    for (const format of formats) {
      const work = run(await sampleImage(format));
      if (engine.decodes.includes(`image/${format}`)) await expect(work).resolves.toBeDefined();
      else await expect(work).rejects.toMatchObject({ code: 'unsupported-type' });
    }
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])('turns a picture upright from orientation %i', async (orientation) => {
    // What a viewer sees: red top left, green top right, blue bottom left, white bottom right.
    const upright = await quarters();
    const stored = await sharp(upright, { autoOrient: false })
      .rotate({ 5: 270, 6: 270, 7: 90, 8: 90, 3: 180, 4: 180 }[orientation] ?? 0)
      .toBuffer();
    const mirrored = [2, 4, 5, 7].includes(orientation);
    const file = await (mirrored ? sharp(stored)[orientation >= 5 ? 'flip' : 'flop']() : sharp(stored))
      .withMetadata({ orientation })
      .jpeg({ quality: 100 })
      .toBuffer();
    const seen = await sharp(await sharp(file).autoOrient().png().toBuffer())
      .raw()
      .toBuffer();
    expect(seen.length).toBe(240 * 160 * 3);
    const { bytes, width, height } = variant(await run(file), 'web');
    expect([width, height]).toEqual([240, 160]);
    close(await colourAt(bytes, 30, 30), [255, 0, 0]);
    close(await colourAt(bytes, 210, 30), [0, 255, 0]);
    close(await colourAt(bytes, 30, 130), [0, 0, 255]);
    close(await colourAt(bytes, 210, 130), [255, 255, 255]);
  });

  test('leaves no EXIF, no position, no profile and no text in a derivative', async () => {
    const file = await sharp(await jpegPhoto(300, 200))
      .withExif({ IFD0: { Artist: 'A person' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 0/1' } })
      .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"><place>here</place></x:xmpmeta>')
      .toBuffer();
    expect((await sharp(file).metadata()).exif).toBeDefined();
    for (const { bytes } of (await run(file)).variants) {
      const { exif, xmp, icc, iptc } = await sharp(bytes).metadata();
      expect([exif, xmp, icc, iptc]).toEqual([undefined, undefined, undefined, undefined]);
      expect(Buffer.from(bytes).includes('A person')).toBe(false);
    }
  });

  test('keeps alpha, with the colours at its edge', async () => {
    const { bytes, contentType } = variant(await run(await pngCutOut(400, 300)), 'preview');
    expect(contentType).toBe(name === 'native' ? 'image/webp' : 'image/png');
    const { data, info } = await sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
    const alphaAt = (x: number, y: number) => data[(y * info.width + x) * 4 + 3]!;
    expect(alphaAt(2, 2)).toBe(0);
    expect(alphaAt(200, 150)).toBe(255);
  });

  test('writes JPEG where every pixel is opaque, alpha channel or not', async () => {
    const opaque = await sharp(await sampleImage('png'))
      .ensureAlpha()
      .png()
      .toBuffer();
    expect(variant(await run(opaque), 'web').contentType).toBe('image/jpeg');
  });

  test('puts transparent pixels on white where a processor asks for JPEG', async () => {
    const asJpeg = processor((image) => ({ variants: [{ name: 'test', image, contentType: 'image/jpeg' }] }));
    const { bytes } = variant(await run(await pngCutOut(400, 300), [asJpeg]), 'test');
    close(await colourAt(bytes, 20, 20), [255, 255, 255], 3);
  });

  test('finds the dominant colour', async () => {
    const file = await sharp({ create: { width: 400, height: 300, channels: 3, background: '#20a040' } })
      .composite([{ input: { create: { width: 100, height: 100, channels: 3, background: '#f00' } } }])
      .png()
      .toBuffer();
    const { facts } = await run(file);
    expect(facts.find((fact) => fact.name === 'dominantColour')?.value).toBe('#20a040');
  });

  test('gives each processor pixels of its own', async () => {
    const needs = { width: 100, height: 100, fit: 'inside' } as const;
    const vandal = processor(
      (image) => {
        image.bitmap.data.fill(0);
        return {};
      },
      { name: 'vandal', variants: [], needs },
    );
    const victim = processor(
      (image) => ({ facts: { untouched: image.bitmap.data.some((byte, at) => at % 4 < 3 && byte > 0) } }),
      { needs },
    );
    const { facts } = await run(await jpegPhoto(300, 200), [vandal, victim]);
    expect(facts).toMatchObject([{ name: 'untouched', value: true }]);
  });

  test('has jimp methods under every name, with jimp sizes', async () => {
    const sizes = processor((image) => {
      const size = (made: { bitmap: { width: number; height: number } }) => [
        made.bitmap.width,
        made.bitmap.height,
      ];
      return {
        facts: {
          resize: size(image.clone().resize({ w: 100 })),
          squash: size(image.clone().resize({ w: 30, h: 90 })),
          scale: size(image.clone().scale(0.5)),
          scaleToFit: size(image.clone().scaleToFit({ w: 150, h: 150 })),
          cover: size(image.clone().cover({ w: 50, h: 80 })),
          contain: size(image.clone().contain({ w: 50, h: 80 })),
          crop: size(image.clone().crop({ x: 10, y: 10, w: 20, h: 30 })),
          rotate: size(image.clone().rotate(90)),
          greyscale: image.clone().greyscale().hasAlpha(),
        },
      };
    });
    const { facts } = await run(await jpegPhoto(300, 200), [sizes]);
    expect(Object.fromEntries(facts.map((fact) => [fact.name, fact.value]))).toEqual({
      resize: [100, 67],
      squash: [30, 90],
      scale: [150, 100],
      scaleToFit: [150, 100],
      cover: [50, 80],
      contain: [50, 80],
      crop: [20, 30],
      rotate: [200, 300],
      greyscale: false,
    });
  });

  test('lets a processor encode and decode by jimp itself', async () => {
    const byItself = processor(async (image) => {
      const bytes = await image.greyscale().getBuffer('image/png');
      return { variants: [{ name: 'test', bytes, contentType: 'image/png', width: 300, height: 200 }] };
    });
    const { bytes } = variant(await run(await jpegPhoto(300, 200), [byItself]), 'test');
    const [red, green, blue] = await colourAt(bytes, 150, 100);
    expect([red, red]).toEqual([green, blue]);
  });

  test('gives an animated processor every frame, where the engine can, and others the first', async () => {
    const counting = (animated: boolean) =>
      processor(
        (image, { frames }) => ({
          variants: [{ name: 'test', frames, contentType: 'image/gif' }],
          facts: { frames: frames.length, delay: frames.at(-1)?.delayMs, width: image.bitmap.width },
        }),
        { animated, needs: { width: 40, height: 40, fit: 'inside' } },
      );
    const file = await animation('gif', 5);
    const all = await run(file, [counting(true)]);
    const frames = name === 'native' ? 5 : 1;
    expect(all.facts.map(({ value }) => value)).toEqual([frames, name === 'native' ? 50 : 0, 40, 5]);
    const made = await sharp(variant(all, 'test').bytes, { pages: -1 }).metadata();
    expect([made.pages ?? 1, made.pageHeight ?? made.height]).toEqual([frames, 30]);
    expect((await run(file, [counting(false)])).facts[0]?.value).toBe(1);
  });

  test('says which processor and version failed, and why', async () => {
    const failing = processor(() => {
      throw new Error('no such filter');
    });
    await expect(run(await sampleImage('png'), [failing])).rejects.toMatchObject({
      code: 'processor-failed',
      message: expect.stringMatching(/test 3 failed: no such filter/),
    });
  });

  test('takes no variant that the processor does not list', async () => {
    const surprising = processor((image) => ({ variants: [{ name: 'surprise', image }] }));
    await expect(run(await sampleImage('png'), [surprising])).rejects.toMatchObject({
      code: 'processor-failed',
    });
  });
});

async function quarters(): Promise<Buffer> {
  const part = (background: string, left: number, top: number) => ({
    input: { create: { width: 120, height: 80, channels: 3 as const, background } },
    left,
    top,
  });
  return sharp({ create: { width: 240, height: 160, channels: 3, background: '#000' } })
    .composite([part('#f00', 0, 0), part('#0f0', 120, 0), part('#00f', 0, 80), part('#fff', 120, 80)])
    .png()
    .toBuffer();
}
