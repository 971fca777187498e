import { DarkroomError } from '../../platform/errors.ts';
import type { AcceptedType, ImageHeader, Processor } from './ports.ts';
import { jxlStripeRows } from './jxl-stripes.ts';
import { sizeFor } from './sizes.ts';

/** Libvips' own working memory, the derivatives of ordinary processors, and a file that is read at once with a copy. */
const fixedMb = 48;
const bytesPerMb = 2 ** 20;

/**
 * Lossless ones are held whole, those of 16 bits in words of 32. Others are decoded in stripes, unless they have channels beside
 * their colours. What is lossy in the way of lossless ones (`cjxl -m 1`) takes twice this, and no header tells.
 */
function jxlBytes({
  width,
  height,
  isInterlaced,
  channels = 3,
  bytesPerPixel: picture,
}: ImageHeader): number {
  if (isInterlaced) return (picture > 4 ? 10 : 6) * channels + picture;
  if (channels > 3) return 13 * channels + picture;
  const share = Math.min(1, jxlStripeRows(width) / height);
  return 2 + 50 * share + picture;
}

/**
 * Bytes that decoding takes for each pixel of the first frame, by what the header says, whatever the file weighs:
 * measured with files of 50 megapixels (docs/performance.md), a quarter added. A sequential JPEG is scaled while it is decoded; a progressive one keeps its coefficients, two bytes each.
 */
const bytesPerPixel: Record<AcceptedType, (header: ImageHeader) => number> = {
  'image/jpeg': (header) => (header.isInterlaced ? header.bytesPerPixel * 2 + 0.3 : 0.5),
  'image/png': (header) => (header.isInterlaced ? header.bytesPerPixel * 1.5 + 1 : 2),
  'image/webp': () => 6,
  'image/gif': () => 7,
  'image/bmp': () => 5,
  'image/tiff': (header) => (header.isInterlaced ? header.bytesPerPixel + 5 : 2),
  'image/avif': (header) => (header.bytesPerPixel > 4 ? 26 : 19),
  'image/heic': (header) => (header.bytesPerPixel > 4 ? 18 : 9.5),
  'image/jxl': jxlBytes,
};

/** The canvas, and what lies on it. */
const placingBytes = 8;

/** Megabytes that one image takes: what is made for its decoder, decoding, and full-size pictures. */
function neededMegabytes(
  header: ImageHeader,
  processors: readonly Pick<Processor, 'needs' | 'animated'>[],
): number {
  const pixels = header.width * header.height;
  const pictures = processors.map(({ needs, animated }) => {
    const { width, height } = sizeFor(needs, header);
    return width * height * 4 * (animated === true ? header.frames : 1);
  });
  const largest = 2 * Math.max(0, ...pictures);
  const placing = header.isPlaced ? placingBytes : 0;
  const bytes = pixels * (bytesPerPixel[header.contentType](header) + placing) + largest;
  return fixedMb + Math.ceil(bytes / bytesPerMb);
}

/** Refuses, before a decoder runs, what would not fit: a decoder cannot be asked to take less. */
export function assertFits(
  header: ImageHeader,
  processors: readonly Pick<Processor, 'needs' | 'animated'>[],
  memoryMb: number,
): void {
  const neededMb = neededMegabytes(header, processors);
  if (neededMb <= memoryMb) return;
  const { width, height } = header;
  const megapixels = Math.round((width * height) / 1e5) / 10;
  throw new DarkroomError(
    'image-too-many-pixels',
    `The image has ${width}×${height} pixels (${megapixels} megapixels): decoding it would take ${neededMb} MB of memory, ` +
      `and ${memoryMb} MB are allowed. Scale it down and send it again.`,
    { details: { width, height, neededMb, memoryMb } },
  );
}
