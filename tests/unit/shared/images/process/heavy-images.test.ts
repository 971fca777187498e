import { createReadStream, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { checkImage } from '../../../../../shared/images/receive/check-image.ts';
import { imageLimits } from '../../../../../shared/images/process/limits.ts';
import { createProcessing } from '../../../../../shared/images/process/pool.ts';
import type { ProcessedImage, Processing } from '../../../../../shared/images/process/ports.ts';
import { maxBytesOf } from '../../../../../shared/images/process/weight.ts';
import { heavyImages, heavyPixels } from '../../../../support/heavy-images.ts';
import { processingLimits } from '../../../../support/processing-limits.ts';
import { sampleImage } from '../../../../support/sample-images.ts';

/** Workers start slowly where everything runs at once. */
jest.setTimeout(120_000);

/** Over what is read into memory, and over the memory that an image may take here. */
const heavyBytes = 70 * 2 ** 20;
const folder = mkdtempSync(join(tmpdir(), 'darkroom-heavy-'));
const path = join(folder, 'image');
let processing: Processing;
beforeAll(async () => {
  processing = await createProcessing({ ...processingLimits, memoryMb: 100, workers: 1 });
});
afterAll(async () => {
  await processing.close();
  rmSync(folder, { recursive: true });
});

const process = (): Promise<ProcessedImage> =>
  processing.process({ size: statSync(path).size, open: () => Promise.resolve(createReadStream(path)) });
const digests = ({ variants }: ProcessedImage) =>
  variants.map(({ name, bytes }) => `${name} ${Buffer.from(bytes).toString('base64')}`).sort();

describe('an image weighs what it weighs', () => {
  test.each(heavyImages)('$title shows the picture that it shows without that', async ({ write }) => {
    const small = await write(path, heavyBytes);
    const heavy = await process();
    writeFileSync(path, small);
    expect(digests(heavy)).toEqual(digests(await process()));
  });

  test('a PNG of many pixels takes no more memory than one of few', async () => {
    await heavyPixels.write(path, heavyBytes);
    expect((await process()).header).toMatchObject({ width: 8_000 });
  });
});

describe('an image whose decoder holds the whole file', () => {
  test.each(['image/avif', 'image/heic', 'image/jxl'])(
    '%s may have 64 MiB, where others may have more',
    (type) => {
      expect([maxBytesOf(type, 2 ** 30), maxBytesOf(type, 1_000)]).toEqual([64 * 2 ** 20, 1_000]);
      expect(maxBytesOf('image/png', 2 ** 30)).toBe(2 ** 30);
    },
  );

  test('is refused as too large as soon as it is known to weigh more', async () => {
    const first = await sampleImage('avif');
    let seen = 0;
    async function* bytes(): AsyncIterable<Uint8Array> {
      yield first;
      for (const piece = new Uint8Array(2 ** 20); ; seen += piece.length) yield Promise.resolve(piece);
    }
    await expect(checkImage(bytes(), 50_000_000)).rejects.toMatchObject({
      code: 'too-large',
      details: { maxBytes: imageLimits.maxHeldBytes, contentType: 'image/avif' },
    });
    expect(seen).toBeLessThanOrEqual(imageLimits.maxHeldBytes + 2 ** 20);
  });
});
