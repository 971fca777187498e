import { setTimeout } from 'node:timers/promises';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import {
  createProcessing,
  workerCount,
  type ProcessingOptions,
} from '../../../../../shared/images/process/pool.ts';
import type { Processing } from '../../../../../shared/images/process/ports.ts';
import { DarkroomError } from '../../../../../shared/platform/errors.ts';
import { loopingTiff, pngOfTwoSizes, slowJpeg } from '../../../../support/hostile-images.ts';
import { processingLimits } from '../../../../support/processing-limits.ts';
import { declaredVariants } from '../../../../support/declared-variants.ts';
import { sampleImage } from '../../../../support/sample-images.ts';

/** Workers start slowly where everything runs at once. */
jest.setTimeout(90_000);

let pool: Processing | undefined;
const open = async (options: Partial<ProcessingOptions> = {}): Promise<Processing> =>
  (pool = await createProcessing({ ...processingLimits, ...options }));
afterEach(async () => pool?.close());

describe('the pool', () => {
  test('processes many images at once', async () => {
    const processing = await open();
    const files = await Promise.all([1, 2, 3, 4, 5, 6].map((seed) => sampleImage('jpeg', 300, 200, seed)));
    const results = await Promise.all(files.map((file) => processing.process(file)));
    const each = (await declaredVariants()).length;
    expect(results.map(({ variants }) => variants.length)).toEqual(files.map(() => each));
  });

  test('ends an image that takes too long, and goes on with the others', async () => {
    const processing = await open({ engine: 'javascript', timeoutMs: 12_000 });
    const good = await sampleImage('png', 60, 40);
    const slow = processing.process(await slowJpeg());
    const refused = expect(slow).rejects.toMatchObject({ code: 'processing-timeout', retryable: false });
    await expect(processing.process(Buffer.from(good))).resolves.toBeDefined();
    await refused;
    await expect(processing.process(Buffer.from(good))).resolves.toBeDefined();
  });

  test('ends an image that needs too much memory, and goes on with the others', async () => {
    const processing = await open({ engine: 'javascript', memoryMb: 250, timeoutMs: 80_000 });
    const greedy = processing.process(await loopingTiff());
    await expect(greedy).rejects.toMatchObject({ code: 'processing-memory', retryable: false });
    await expect(processing.process(await sampleImage('png', 60, 40))).resolves.toBeDefined();
  });

  test('refuses what only its decoder shows to be too long', async () => {
    const processing = await open({ engine: 'javascript' });
    await expect(processing.process(await pngOfTwoSizes())).rejects.toMatchObject({
      ...{ code: 'image-too-many-pixels', details: { width: 70_000, maxSide: 65_535 } },
    });
  });

  test('ends an image when the caller gives it up', async () => {
    const processing = await open({ engine: 'javascript' });
    const controller = new AbortController();
    const given = processing.process(await slowJpeg(), { signal: controller.signal });
    const reason = new Error('the host is stopping');
    controller.abort(reason);
    await expect(given).rejects.toBe(reason);
  });

  test('refuses what comes after it is closed, and what was on its way, as unavailable', async () => {
    const processing = await open({ engine: 'javascript', workers: 1 });
    const running = processing.process(await slowJpeg());
    const waiting = processing.process(await sampleImage('png'));
    const refused = [running, waiting].map((each) =>
      expect(each).rejects.toMatchObject({ code: 'unavailable', retryable: true }),
    );
    await processing.close();
    await Promise.all(refused);
    await expect(processing.process(await sampleImage('png'))).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('refuses more images than may wait, and takes others once there is room', async () => {
    const processing = await open({ workers: 1, maxWaiting: 1 });
    const png = () => sampleImage('png', 60, 40);
    const files = await Promise.all([png(), png(), png()]);
    const [running, waiting, refused] = files.map((file) => processing.process(file));
    await expect(refused).rejects.toMatchObject({ code: 'unavailable', retryable: true });
    await Promise.all([running, waiting]);
    await expect(processing.process(await png())).resolves.toBeDefined();
  });

  test('never begins an image that the caller gave up while it waited', async () => {
    const processing = await open({ engine: 'javascript', workers: 1 });
    const [first, second] = [new AbortController(), new AbortController()];
    const running = processing.process(await slowJpeg(), { signal: first.signal });
    const bytes = Uint8Array.from(await sampleImage('png'));
    const waiting = processing.process(bytes, { signal: second.signal });
    const ends = [expect(running).rejects.toThrow('stopped'), expect(waiting).rejects.toThrow('gone')];
    second.abort(new Error('gone'));
    first.abort(new Error('stopped'));
    await Promise.all(ends);
    expect(bytes.byteLength).toBeGreaterThan(0);
  });

  test('counts the time after which a caller gives an image up from when it has a worker', async () => {
    const processing = await open({ engine: 'javascript', workers: 1 });
    const first = new AbortController();
    const [running, slow] = [
      processing.process(await slowJpeg(), { signal: first.signal }),
      await slowJpeg(),
    ];
    const refused = expect(running).rejects.toThrow('stopped');
    const reason = new DarkroomError('processing-timeout', 'It has had its time.');
    const waiting = processing.process(slow, { giveUp: { afterMs: 1_000, reason } });
    const given = expect(waiting).rejects.toBe(reason);
    await setTimeout(1_500);
    const begun = performance.now();
    first.abort(new Error('stopped'));
    await Promise.all([refused, given]);
    expect(performance.now() - begun).toBeGreaterThan(990);
  });

  test('ends an image by its own time where a caller gives it longer', async () => {
    const processing = await open({ engine: 'javascript', timeoutMs: 500 });
    const reason = new DarkroomError('processing-timeout', 'It has had its time.');
    const late = processing.process(await slowJpeg(), { giveUp: { afterMs: 60_000, reason } });
    await expect(late).rejects.toMatchObject({ code: 'processing-timeout', details: { timeoutMs: 500 } });
  });
});

test.each([
  [512, 2, 8192, 2],
  [512, 8, 2048, 2],
  [512, 8, 512, 1],
  [256, 4, 2048, 3],
  [512, 1, 2048, 2],
  [512, 1, 1024, 1],
])(
  'with %i MB for each image beside 263 for its worker and a file in memory, %i cores and %i MB there are %i workers',
  (memoryMb, cores, total, workers) => {
    expect(workerCount(memoryMb, cores, total * 2 ** 20)).toBe(workers);
  },
);
