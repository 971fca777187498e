import { encode } from 'blurhash';
import type { Processor } from '../ports.ts';

/** What https://blurha.sh recommends for a picture that is wider than high; a blurred copy holds no more detail than this needs. */
const across = 4;
const down = 3;

/** A placeholder of a few dozen characters, to show until the picture is there. */
export default {
  name: 'blurhash',
  version: '1',
  variants: [],
  needs: { width: 32, height: 32, fit: 'inside' },
  process: (image) => {
    const { data, width, height } = image.bitmap;
    const pixels = overWhite(data);
    return { facts: { blurhash: encode(pixels, width, height, across, down) } };
  },
} satisfies Processor;

/** A blurhash has no alpha: transparent areas become white, as on most pages. */
function overWhite(rgba: Buffer): Uint8ClampedArray {
  const pixels = new Uint8ClampedArray(rgba.length);
  for (let at = 0; at < rgba.length; at++) {
    const alpha = rgba[at | 3]! / 255;
    pixels[at] = (at & 3) === 3 ? 255 : rgba[at]! * alpha + 255 * (1 - alpha);
  }
  return pixels;
}
