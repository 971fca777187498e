import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { createProcessing } from '../../../../../shared/images/process/pool.ts';
import type { Processing } from '../../../../../shared/images/process/ports.ts';
import { truncations } from '../../../../support/hostile/damaged.ts';
import { headerLies } from '../../../../support/hostile-images.ts';
import { processingLimits } from '../../../../support/processing-limits.ts';
import { sampleImage } from '../../../../support/sample-images.ts';

jest.setTimeout(120_000);

let processing: Processing;
beforeAll(async () => {
  processing = await createProcessing({ ...processingLimits, workers: 1 });
});
afterAll(() => processing.close());

test('a cut JPEG is refused and a whole one is not, whatever the same worker had before', async () => {
  const processed = (bytes: Uint8Array) =>
    processing.process(bytes).then(
      () => 'processed',
      (error: unknown) => (error as { code: string }).code,
    );
  for (const { bytes } of await headerLies()) await processed(bytes);
  const whole = await sampleImage('jpeg');
  const cut = (await truncations(['jpeg'])).slice(7, 80);
  const ends: string[][] = [];
  for (const { bytes } of cut) ends.push([await processed(bytes), await processed(Uint8Array.from(whole))]);
  expect(ends).toEqual(cut.map(() => ['image-truncated', 'processed']));
});
