import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { createProcessing } from '../../../../../shared/images/process/pool.ts';
import type { Processing } from '../../../../../shared/images/process/ports.ts';
import { attempt, attemptAll } from '../../../../support/hostile-run.ts';
import {
  bombs,
  flips,
  goodAnimations,
  headerLies,
  impostors,
  metadata,
  truncations,
  type Hostile,
} from '../../../../support/hostile-images.ts';
import { processingLimits } from '../../../../support/processing-limits.ts';
import { formats, sampleImage } from '../../../../support/sample-images.ts';

const seed = 20_260_101;
const flipped = 200;
/** Lower than production's, so that the bombs are quickly made. */
const maxPixels = 5_000_000;
/** What the process may grow by over all of it: pixels of one image at the limit, and what allocators keep. */
const growthMb = 700;
const rssMb = () => process.memoryUsage.rss() / 2 ** 20;

jest.setTimeout(120_000);

describe('hostile images cost nobody but themselves', () => {
  let processing: Processing;
  let before: number;
  beforeAll(async () => {
    before = rssMb();
    processing = await createProcessing({ ...processingLimits, maxPixels });
  });
  afterAll(() => processing.close());

  test.each([
    ['headers that lie', headerLies],
    ['bombs', () => bombs(maxPixels)],
    ['endless or senseless metadata', metadata],
    ['impostors', () => Promise.resolve(impostors())],
    ['good animations', goodAnimations],
    ['files cut off at every hundredth', () => truncations()],
  ])('%s: each comes to the end it must', async (_, make: () => Promise<Hostile[]>) => {
    expect((await attemptAll(processing, await make())).findings).toEqual([]);
  });

  test(`${flipped} files with turned bits are processed or refused with a reason, good ones between them pass`, async () => {
    const good = await Promise.all(formats.map((format) => sampleImage(format)));
    async function* mixed(): AsyncGenerator<Hostile> {
      let count = 0;
      for await (const file of flips(seed)) {
        if (count++ === flipped) return;
        yield file;
        const index = count % good.length;
        if (count % 10 === 0)
          yield { name: `good: ${formats[index]!}`, bytes: good[index]!, expected: ['ok'] };
      }
    }
    const { findings, tried } = await attemptAll(processing, mixed());
    expect(findings).toEqual([]);
    expect(tried).toBe(flipped + Math.floor(flipped / 10));
  });

  test('afterwards the pool works as before, and memory is bounded', async () => {
    const file = { name: 'good', bytes: await sampleImage('jpeg'), expected: ['ok'] };
    expect(await attempt(processing, file)).toBeUndefined();
    expect(rssMb() - before).toBeLessThan(growthMb);
  });
});
