import { createHash, randomInt } from 'node:crypto';

/** Milliseconds of one ordinary core for a million pixels, for the dearest files of a type. */
const perMegapixel: Readonly<Record<string, number>> = {
  'image/jpeg': 30,
  'image/png': 50,
  'image/webp': 35,
  'image/gif': 30,
  'image/bmp': 20,
  'image/tiff': 40,
  'image/avif': 110,
  'image/heic': 120,
  'image/jxl': 450,
};

/** A picture this long has rows or columns of next to nothing, and scaling it costs more than its pixels say. Pixels. */
const maxOrdinarySide = 20_000;
const longSideFactor = 20;

/** What is estimated above this does not wait among ordinary photos. */
export const slowMs = 2_000;

/** What is estimated below this hardly holds up the next. */
export const quickMs = 500;

/** Milliseconds in which a million bytes come from the store and are gone through once. */
const perMegabyte = 10;

/** How long an image will take, from its header and its weight: to choose where it waits, not to refuse it. */
export function estimatedMs(image: {
  contentType: string;
  width: number;
  height: number;
  bytes: number;
}): number {
  const { contentType, width, height, bytes } = image;
  const rate = perMegapixel[contentType] ?? 150;
  const isLong = Math.max(width, height) > maxOrdinarySide;
  return Math.round(
    ((width * height) / 1e6) * rate * (isLong ? longSideFactor : 1) + (bytes / 1e6) * perMegabyte,
  );
}

/** Stands for an owner where images wait, and names nobody: 16 bits, so that two seldom share one. */
export const flowOf = (owner: string): string => createHash('sha256').update(owner).digest('hex').slice(0, 4);

/** Over so many partition keys an owner's deferred images are spread: more of them are no use, fewer are in others' way. */
const keysPerFlow = 4;

/** The partition key of a deferred image. */
export const deferredKey = (flow: string): string => `${flow}-${randomInt(keysPerFlow)}`;
