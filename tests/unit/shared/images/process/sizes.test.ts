import { expect, test } from '@jest/globals';
import { sizeFor } from '../../../../../shared/images/process/sizes.ts';

const box = (width: number, height: number, fit: 'inside' | 'cover') => ({ width, height, fit });

test.each([
  ['fits inside the box', box(720, 720, 'inside'), [2725, 2225], [720, 588]],
  ['covers the box', box(160, 160, 'cover'), [2725, 2225], [196, 160]],
  ['is never enlarged to fit', box(1600, 1600, 'inside'), [640, 480], [640, 480]],
  ['is never enlarged to cover', box(160, 160, 'cover'), [80, 200], [80, 200]],
  ['keeps a pixel of the short side', box(100, 100, 'inside'), [50_000, 2], [100, 1]],
  ['stays whole when all of it is needed', 'full size' as const, [300, 200], [300, 200]],
])('a picture %s', (_, needs, [width, height], [toWidth, toHeight]) => {
  expect(sizeFor(needs, { width: width!, height: height! })).toEqual({ width: toWidth, height: toHeight });
});
