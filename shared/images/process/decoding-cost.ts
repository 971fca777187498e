import { DarkroomError } from '../../platform/errors.ts';
import type { AcceptedType, ImageHeader, Processor } from './ports.ts';
import { sizeFor } from './sizes.ts';

interface Cost {
  /** Bytes for each pixel of the first frame, the file itself not counted. */
  readonly bytes: number;
  /** Milliseconds for a million pixels on one ordinary core. */
  readonly milliseconds: number;
}

/** Libvips' own working memory, and the derivatives of ordinary processors. */
const fixedMb = 32;
const bytesPerMb = 2 ** 20;

/**
 * What decoding costs, by what the header says: measured with files of 50 megapixels (docs/performance.md), a quarter added.
 * A sequential JPEG is scaled while it is decoded; a progressive one keeps its coefficients, two bytes each.
 */
const costs: Record<AcceptedType, (header: ImageHeader) => Cost> = {
  'image/jpeg': ({ isInterlaced, bytesPerPixel }) =>
    isInterlaced ? { bytes: bytesPerPixel * 2 + 0.3, milliseconds: 45 } : { bytes: 0.5, milliseconds: 4 },
  'image/png': ({ isInterlaced, bytesPerPixel }) =>
    isInterlaced
      ? { bytes: bytesPerPixel * 1.5 + 1, milliseconds: 25 * bytesPerPixel }
      : { bytes: 2, milliseconds: 12 * bytesPerPixel },
  'image/webp': () => ({ bytes: 6, milliseconds: 35 }),
  'image/gif': () => ({ bytes: 7, milliseconds: 30 }),
  'image/bmp': () => ({ bytes: 5, milliseconds: 20 }),
  'image/tiff': ({ bytesPerPixel }) => ({ bytes: bytesPerPixel + 1, milliseconds: 30 }),
  'image/avif': ({ bytesPerPixel }) => ({ bytes: bytesPerPixel > 4 ? 26 : 19, milliseconds: 100 }),
  'image/heic': ({ bytesPerPixel }) => ({ bytes: bytesPerPixel > 4 ? 18 : 9.5, milliseconds: 120 }),
  'image/jxl': () => ({ bytes: 42, milliseconds: 150 }),
};

/** How long decoding takes, in milliseconds of one ordinary core, as the header tells it: to choose where an image waits. */
export const decodingMilliseconds = (header: ImageHeader): number =>
  (costs[header.contentType](header).milliseconds * header.width * header.height) / 1e6;

/** Megabytes that one image takes: the file and what is made for its decoder, decoding, and full-size pictures. */
function neededMegabytes(
  header: ImageHeader,
  fileBytes: number,
  processors: readonly Pick<Processor, 'needs' | 'animated'>[],
): number {
  const pixels = header.width * header.height;
  const pictures = processors.map(({ needs, animated }) => {
    const { width, height } = sizeFor(needs, header);
    return width * height * 4 * (animated === true ? header.frames : 1);
  });
  const largest = 2 * Math.max(0, ...pictures);
  const bytes = pixels * costs[header.contentType](header).bytes + 2 * fileBytes + largest;
  return fixedMb + Math.ceil(bytes / bytesPerMb);
}

/** Refuses, before a decoder runs, what would not fit: a decoder cannot be asked to take less. */
export function assertFits(
  header: ImageHeader,
  fileBytes: number,
  processors: readonly Pick<Processor, 'needs' | 'animated'>[],
  memoryMb: number,
): void {
  const neededMb = neededMegabytes(header, fileBytes, processors);
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
