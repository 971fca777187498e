import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { inMemory } from '../../../../../shared/images/process/file/in-memory.ts';
import sharp, { type Sharp } from 'sharp';
import { ssim } from 'ssim.js';
import { chooseEngine } from '../../../../../shared/images/process/engine/choose.ts';
import type { Engine } from '../../../../../shared/images/process/engine/port.ts';
import { inspect } from '../../../../../shared/images/process/inspect.ts';
import type { Processor } from '../../../../../shared/images/process/ports.ts';
import { loadProcessors } from '../../../../../shared/images/process/registry.ts';
import { runProcessors } from '../../../../../shared/images/process/run-processors.ts';
import { jpegPhoto, pngCutOut } from '../../../../support/photos.ts';
import { testUnless } from '../../../../support/skip-unless.ts';

const limits = { maxPixels: 50_000_000, timeoutMs: 30_000, memoryMb: 512 };
/**
 * Structural similarity to what sharp makes of the file by itself; 1 is equal. `careful` is sharp without shrinking
 * while it loads. The default shrinks more roughly than we do: sharp's own two thumbnails are 0.95 to 0.99 alike.
 */
const bounds = { careful: 0.97, default: 0.93 } as const;

const folder = fileURLToPath(new URL('../../../../../../shared/photos/', import.meta.url));

const photos: readonly (readonly [string, () => Promise<Buffer>])[] = [
  ['a generated photo', () => jpegPhoto(1800, 1200)],
  ['a generated photo, upright', () => jpegPhoto(600, 900, 5)],
  ['a cut-out with alpha', () => pngCutOut(800, 600)],
];
const given = ['large-2725x2225.jpg', 'exif-orientation-6.jpg', 'exif-gps.jpg', 'photo.webp', 'alpha.png'];

const over = async (bytes: Uint8Array) => {
  const flattened = sharp(bytes).flatten({ background: '#ff00ff' }).ensureAlpha().raw();
  const { data, info } = await flattened.toBuffer({ resolveWithObject: true });
  return { data: new Uint8ClampedArray(data), width: info.width, height: info.height };
};

function sharpAlone(file: Buffer, name: string, fastShrinkOnLoad: boolean): Sharp {
  const upright = sharp(file).autoOrient();
  if (name === 'thumbnail') return upright.resize(160, 160, { fit: 'cover', fastShrinkOnLoad });
  const side = name === 'web' ? 1600 : 720;
  return upright.resize(side, side, { fit: 'inside', withoutEnlargement: true, fastShrinkOnLoad });
}

jest.setTimeout(90_000);

describe(`variants look like sharp's own (SSIM of at least ${bounds.careful})`, () => {
  let engine: Engine;
  let processors: Processor[];
  beforeAll(async () => {
    engine = await chooseEngine('native', limits);
    const standard = ['web', 'preview', 'thumbnail'];
    processors = (await loadProcessors()).filter(({ name }) => standard.includes(name));
  });

  const compare = async (file: Buffer) => {
    const { variants } = await runProcessors(
      engine,
      processors,
      inMemory(file),
      inspect(inMemory(file), limits),
    );
    expect(variants).toHaveLength(3);
    for (const { name, bytes, contentType } of variants) {
      const ours = await over(bytes);
      for (const [kind, bound] of Object.entries(bounds)) {
        const alone = sharpAlone(file, name, kind === 'default');
        const reference =
          contentType === 'image/webp' ? alone.webp({ quality: 80 }) : alone.jpeg({ quality: 80 });
        const { mssim } = ssim(ours, await over(await reference.toBuffer()));
        expect([name, kind, mssim >= bound ? 'alike' : mssim]).toEqual([name, kind, 'alike']);
      }
    }
  };

  test.each(photos)('%s', async (_, make) => compare(await make()));

  for (const name of given) {
    const missing = existsSync(`${folder}${name}`) ? undefined : 'no shared photos beside the project';
    testUnless(missing)(`${name} of the shared photos`, async () =>
      compare(await readFile(`${folder}${name}`)),
    );
  }
});
