import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { createProcessing } from '../../../../../shared/images/process/pool.ts';
import type { Processing } from '../../../../../shared/images/process/ports.ts';
import { difference, pixelsOf } from '../../../../support/fidelity/difference.ts';
import { imageCases, photo } from '../../../../support/image-cases.ts';
import { processingLimits } from '../../../../support/processing-limits.ts';

/** Workers start slowly where everything runs at once. */
jest.setTimeout(120_000);

/** Small, so that what is compared are colours and places, not the noise of a second JPEG. */
const small = 40;
const maxDeltaE = 3;

let processing: Processing;
beforeAll(async () => {
  processing = await createProcessing(processingLimits);
});
afterAll(() => processing.close());

describe('an image of this kind', () => {
  test.each(imageCases)('$kind', async ({ file, becomes, facts = {}, shows = photo }) => {
    const processed = processing.process(await file());
    if (typeof becomes === 'string') {
      await expect(processed).rejects.toMatchObject({ code: becomes });
      return;
    }
    const made = await processed;
    const [width, height] = becomes;
    expect(made.header).toMatchObject({ width, height });
    for (const variant of made.variants.filter(({ name }) => name !== 'thumbnail')) {
      expect(variant.width / variant.height).toBeCloseTo(width / height, 1);
    }
    const own = made.facts.filter(({ processor }) => processor === 'decoder');
    expect(Object.fromEntries(own.map(({ name, value }) => [name, value]))).toEqual(facts);
    const preview = made.variants.find(({ name }) => name === 'preview')!;
    const size = { width: small, height: Math.round((small * height) / width) };
    const expected = await pixelsOf(await (await shows()).png().toBuffer(), size);
    expect(difference(await pixelsOf(preview.bytes, size), expected).deltaE).toBeLessThan(maxDeltaE);
  });
});
