import type { ImageHeader } from './ports.ts';

/** Pixels that are decoded at once. */
const stripePixels = 2 ** 21;
/** A codestream has its pixels in squares with such a side, or larger ones. */
const squareSide = 256;

/** Rows of a JPEG XL that are decoded at once, of one that can be decoded in stripes. */
export const jxlStripeRows = (width: number): number =>
  Math.max(1, Math.floor(stripePixels / width / squareSide)) * squareSide;

/** jxl-oxide 0.12 panics on a stripe of a lossy picture with channels beside its colours, alpha among them. */
export const isWithoutStripes = ({ isInterlaced, channels = 3 }: ImageHeader): boolean =>
  !isInterlaced && channels > 3;
