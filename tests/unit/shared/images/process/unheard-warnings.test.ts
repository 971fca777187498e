import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { createProcessing } from '../../../../../shared/images/process/pool.ts';
import type { Processing } from '../../../../../shared/images/process/ports.ts';
import { headerLies, truncations } from '../../../../support/hostile-images.ts';
import { jpegPhoto } from '../../../../support/photos.ts';
import { processingLimits } from '../../../../support/processing-limits.ts';
import { below, seeded } from '../../../../support/random.ts';
import { sampleImage } from '../../../../support/sample-images.ts';

jest.setTimeout(180_000);

/** So many that a dozen cut ones are processed where warnings are not fetched. */
const rounds = 300;

let processing: Processing;
beforeAll(async () => {
  processing = await createProcessing({ ...processingLimits, workers: 1 });
});
afterAll(() => processing.close());

const endOf = (bytes: Uint8Array): Promise<string> =>
  processing.process(Uint8Array.from(bytes)).then(
    ({ facts }) => (facts.some(({ name }) => name === 'partial') ? 'partial' : 'processed'),
    (error: unknown) => (error as { code: string }).code,
  );

test('a cut JPEG is refused and a whole one after it is not, whatever the same worker had before', async () => {
  const random = seeded(5);
  const whole = [await sampleImage('jpeg'), await jpegPhoto(700, 500)];
  const before = [...(await headerLies()), ...(await truncations(['jpeg', 'gif']))];
  const wrong: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const { name, bytes } = before[below(random, before.length)]!;
    await endOf(bytes);
    const [first, second] = [whole[below(random, 2)]!, whole[below(random, 2)]!];
    const percent = 8 + below(random, 80);
    const ends = [await endOf(first.subarray(0, (first.length * percent) / 100)), await endOf(second)];
    if (ends.join() !== 'image-truncated,processed') wrong.push(`${ends.join()} after ${name}`);
  }
  expect(wrong).toEqual([]);
});
