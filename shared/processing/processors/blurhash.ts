import { encode } from 'blurhash';
import type { Processor } from '../ports.ts';

/** What https://blurha.sh recommends for a landscape picture; a blurred copy holds no more detail than this needs. */
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
    const pixels = new Uint8ClampedArray(data.buffer, data.byteOffset, data.byteLength);
    return { facts: { blurhash: encode(pixels, width, height, across, down) } };
  },
} satisfies Processor;
