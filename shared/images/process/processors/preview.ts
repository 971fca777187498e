import type { Processor } from '../ports.ts';

/** For a list of search results or a phone: at most 720 pixels a side. */
export default {
  name: 'preview',
  version: '1',
  variants: ['preview'],
  needs: { width: 720, height: 720, fit: 'inside' },
  process: (image) => ({ variants: [{ name: 'preview', image }] }),
} satisfies Processor;
