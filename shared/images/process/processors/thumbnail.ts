import type { Processor } from '../ports.ts';

const side = 160;

/** A square from the middle, for grids. */
export default {
  name: 'thumbnail',
  version: '1',
  variants: ['thumbnail'],
  needs: { width: side, height: side, fit: 'cover' },
  process: (image) => ({ variants: [{ name: 'thumbnail', image: image.cover({ w: side, h: side }) }] }),
} satisfies Processor;
