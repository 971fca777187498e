import { availableParallelism, totalmem } from 'node:os';
import { afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import {
  createProcessing,
  processingOptions,
  workerCount,
} from '../../../../../shared/images/process/pool.ts';
import type { ProcessingOptions } from '../../../../../shared/images/process/pool.ts';
import type { Processing } from '../../../../../shared/images/process/ports.ts';
import { processingLimits } from '../../../../support/processing-limits.ts';
import { sampleImage } from '../../../../support/sample-images.ts';

/** Workers start slowly where everything runs at once. */
jest.setTimeout(60_000);

let png: Buffer;
let pool: Processing | undefined;
beforeAll(async () => {
  png = await sampleImage('png', 40, 30);
});
afterEach(() => pool?.close());
const open = async (options: Partial<ProcessingOptions> = {}): Promise<Processing> =>
  (pool = await createProcessing({ ...processingLimits, workers: 1, engine: 'native', ...options }));

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'ok',
    (error: unknown) => (error as { code: string }).code,
  );

describe('an image in the pool', () => {
  test('is processed, and the next one in the same worker', async () => {
    const processing = await open();
    for (let n = 0; n < 2; n += 1) {
      const { header, variants } = await processing.process(Buffer.from(png));
      expect(header).toMatchObject({ width: 40, height: 30 });
      expect(variants.length).toBeGreaterThan(0);
    }
  });

  test('that is none is refused with what is wrong, and its place is free again', async () => {
    const processing = await open();
    const words = Buffer.from('words that are no image at all, whatever it is called');
    await expect(processing.process(words)).rejects.toMatchObject({
      code: 'unsupported-type',
      retryable: false,
    });
    await expect(processing.process(Buffer.from(png))).resolves.toBeDefined();
  });

  test.each([
    ['as many pixels as are accepted', 30_000, 'ok'],
    ['one pixel more', 29_999, 'image-too-many-pixels'],
  ])('with %s', async (_title, maxPixels, expected) => {
    const processing = await open({ maxPixels });
    const file = await sampleImage('png', 200, 150);
    expect(await codeOf(processing.process(file))).toBe(expected);
  });

  test('that takes longer than it may is ended, with how long that is', async () => {
    const processing = await open({ timeoutMs: 1 });
    await expect(processing.process(Buffer.from(png))).rejects.toMatchObject({
      ...{ code: 'processing-timeout', details: { timeoutMs: 1 } },
    });
  });

  test('that is given up is ended with the reason of who gave it up', async () => {
    const processing = await open();
    const controller = new AbortController();
    const reason = new Error('the host is stopping');
    const given = processing.process(Buffer.from(png), { signal: controller.signal });
    controller.abort(reason);
    await expect(given).rejects.toBe(reason);
    const early = processing.process(Buffer.from(png), { signal: AbortSignal.abort(reason) });
    await expect(early).rejects.toBe(reason);
  });
});

describe('the pool', () => {
  test('takes two images for each worker at once: one in work, one that waits', async () => {
    expect((await open({ workers: 3 })).concurrency).toBe(6);
    await pool?.close();
    const { memoryMb } = processingLimits;
    expect((await open({ workers: 0 })).concurrency).toBe(2 * workerCount(memoryMb));
  });

  test('lets 256 images wait and refuses one more as unavailable', async () => {
    const processing = await open();
    const given = Array.from({ length: 258 }, () => processing.process(Buffer.from(png)));
    const codes = Promise.all(given.map(codeOf));
    await expect(given.at(-1)).rejects.toMatchObject({ code: 'unavailable' });
    await processing.close();
    expect((await codes).slice(1)).toEqual(Array<string>(257).fill('unavailable'));
  });

  test('that is closed refuses what comes, and may be closed again', async () => {
    const processing = await open();
    await processing.close();
    await expect(processing.process(Buffer.from(png))).rejects.toMatchObject({ code: 'unavailable' });
    await expect(processing.close()).resolves.toBeUndefined();
  });

  test('tells what its processors make, and nothing else of them', async () => {
    const { processors } = await open();
    expect(processors).toContainEqual({ name: 'web', version: '1', variants: ['web'] });
  });

  test('has its options from the settings', () => {
    expect(
      processingOptions({
        ...{ DARKROOM_MAX_PIXELS: 1, DARKROOM_PROCESSING_TIMEOUT_MS: 2, DARKROOM_PROCESSING_MEMORY_MB: 3 },
        ...{ DARKROOM_PROCESSING_WORKERS: 4, DARKROOM_PROCESSING_ENGINE: 'javascript' },
      }),
    ).toEqual({ maxPixels: 1, timeoutMs: 2, memoryMb: 3, workers: 4, engine: 'javascript' });
  });
});

test('there is a worker for each core that has its memory, 135 MB, an image and 128 MB of a file in memory, beside 256 MB for the host, and always one', () => {
  expect(workerCount(512, 8, (256 + 3 * (135 + 128 + 512)) * 2 ** 20)).toBe(3);
  expect(workerCount(512, 8, (256 + 3 * (135 + 128 + 512) - 1) * 2 ** 20)).toBe(2);
  expect(workerCount(512, 2, 2 ** 40)).toBe(2);
  expect(workerCount(512, 2, 0)).toBe(1);
  expect(workerCount(1)).toBe(
    Math.min(availableParallelism(), Math.floor((totalmem() / 2 ** 20 - 256) / (136 + 128))),
  );
});
