import type { Image, Processor, ProcessorResult } from '../../shared/images/process/ports.ts';

/** A candidate `web` of each kind; the address of this module says which: `…planted-candidates.ts?worse-on-wide`. */
const kind = new URL(import.meta.url).search.slice(1);

const as = (image: Image, quality?: number): ProcessorResult => ({
  variants: [{ name: 'web', image, ...(quality !== undefined && { quality }) }],
});

function blocks(image: Image): Image {
  const { width, height } = image.bitmap;
  return image.resize({ w: 8, h: 8 }).resize({ w: width, h: height }) as Image;
}

function swapColours(image: Image): Image {
  const { data } = image.bitmap;
  for (let at = 0; at < data.length; at += 4) [data[at], data[at + 2]] = [data[at + 2]!, data[at]!];
  return image;
}

const works: Readonly<Record<string, (image: Image) => ProcessorResult>> = {
  equal: (image) => as(image),
  smaller: (image) => as(image, 60),
  'worse-on-wide': (image) => as(image.bitmap.width > 2 * image.bitmap.height ? blocks(image) : image, 75),
  'other-colours': (image) => as(swapColours(image)),
  throws() {
    throw new Error('It was never tried.');
  },
  hangs() {
    for (;;);
  },
  eats() {
    const kept: Buffer[] = [];
    for (;;) kept.push(Buffer.alloc(32 * 2 ** 20, 1));
  },
  exits: () => process.exit(0),
  huge: (image) => ({
    variants: [
      { ...image.bitmap, name: 'web', bytes: Buffer.alloc(33 * 2 ** 20), contentType: 'image/jpeg' },
    ],
  }),
  'no-picture': (image) => ({
    variants: [{ ...image.bitmap, name: 'web', bytes: Buffer.from('no picture'), contentType: 'image/jpeg' }],
  }),
  'makes-nothing': () => ({}),
};

const web = {
  ...{ name: 'web', version: '2', variants: ['web'], needs: { width: 1600, height: 1600, fit: 'inside' } },
  process: works[kind]!,
} satisfies Processor;

export function loadCandidateFiles(): Promise<Record<string, unknown>> {
  if (kind === 'hangs-while-loading') for (;;);
  return Promise.resolve({ 'web.ts': { default: kind === 'is-none' ? { name: 'web' } : web } });
}
