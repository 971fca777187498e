import type { Processor } from '../ports.ts';

/** For a page: at most 1600 pixels a side. */
export default {
  name: 'web',
  version: '1',
  variants: ['web'],
  needs: { width: 1600, height: 1600, fit: 'inside' },
  process: (image) => ({ variants: [{ name: 'web', image }] }),
} satisfies Processor;
