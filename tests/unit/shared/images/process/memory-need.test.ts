import { expect, test } from '@jest/globals';
import { assertFits } from '../../../../../shared/images/process/memory-need.ts';
import {
  acceptedTypes,
  type AcceptedType,
  type ImageHeader,
} from '../../../../../shared/images/process/ports.ts';

const header = (contentType: AcceptedType, megapixels: number, frames = 1): ImageHeader => ({
  contentType,
  width: megapixels * 1000,
  height: 1000,
  frames,
  pixels: megapixels * 1_000_000 * frames,
  orientation: 1,
});

test.each(acceptedTypes.filter((type) => type !== 'image/avif'))(
  'with the limits of production, 50 megapixels of %s fit',
  (type) => expect(() => assertFits(header(type, 50), 512, false)).not.toThrow(),
);

test('AVIF, which takes three times the memory, fits up to 25 megapixels', () => {
  expect(() => assertFits(header('image/avif', 25), 512, false)).not.toThrow();
  expect(() => assertFits(header('image/avif', 26), 512, false)).toThrow('521 MB');
});

test('the frames of an animation count where they are decoded', () => {
  expect(() => assertFits(header('image/gif', 1, 60), 512, false)).not.toThrow();
  expect(() => assertFits(header('image/gif', 1, 60), 512, true)).toThrow('of memory');
});
