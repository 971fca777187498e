import { imageLimits } from '../limits.ts';
import { exifOrientation } from './exif.ts';
import { corrupt, tooComplex } from './faults.ts';
import { ascii, skip, take, type Pull } from './pull.ts';
import type { Shape, SizeCheck } from './shape.ts';

const maxLength = 0x7fffffff;
const samplesOf: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** How many frames an `acTL` may name; with another count the file is a still picture. */
export const isFrameCount = (count: number): boolean => count > 0 && count <= maxLength;

/** PNG third edition, 5 and 11: IHDR first, then ancillary chunks up to the first IDAT. Of an APNG, the default image. */
export function* png(check: SizeCheck): Pull<Shape> {
  yield* take(8);
  const header = yield* take(8 + 13 + 4);
  if (header.getUint32(0) !== 13 || ascii(header, 4, 4) !== 'IHDR') {
    throw corrupt('the PNG does not begin with an IHDR chunk');
  }
  const width = header.getUint32(8);
  const height = header.getUint32(12);
  const bytesPerPixel = ((samplesOf[header.getUint8(17)] ?? 4) * Math.max(8, header.getUint8(16))) / 8;
  const interlaced = header.getUint8(20) === 1;
  check(width, height);
  return { width, height, interlaced, bytesPerPixel, ...(yield* beforeData()) };
}

function* beforeData(): Pull<{ frames: number; orientation: number; isPlaced: boolean }> {
  let orientation = 1;
  let frames = 1;
  let isPlaced = false;
  for (let chunks = 0; chunks < imageLimits.maxSegments; chunks++) {
    const head = yield* take(8);
    const length = head.getUint32(0);
    const type = ascii(head, 4, 4);
    if (length > maxLength) throw corrupt('a PNG chunk has an impossible length');
    if (type === 'IDAT') return { frames, orientation, isPlaced };
    if (type === 'IEND') throw corrupt('the PNG has no picture data');
    if (type === 'eXIf' && length <= imageLimits.maxExifBytes) {
      orientation = exifOrientation(yield* take(length));
      yield* skip(4);
    } else if (type === 'acTL' && length === 8) {
      const count = (yield* take(8)).getUint32(0);
      if (isFrameCount(count)) [frames, isPlaced] = [count, true];
      yield* skip(4);
    } else if (type === 'fcTL') {
      // The image that follows is the first frame, as large as the canvas.
      isPlaced = false;
      yield* skip(length + 4);
    } else yield* skip(length + 4);
  }
  throw tooComplex('chunks before its picture', imageLimits.maxSegments);
}
