import { exifOrientation } from './exif.ts';
import { corrupt } from './faults.ts';
import { ascii, skip, take, type Pull } from './pull.ts';
import type { PixelCheck, Shape } from './shape.ts';

/** Chunks before the picture's data; libpng keeps at most 1000, and no writer comes near. */
const maxChunks = 1000;
const maxExifBytes = 1_048_576;
const maxLength = 0x7fffffff;

/** PNG third edition, 5 and 11: IHDR first, then ancillary chunks up to the first IDAT. Of an APNG, the default image. */
export function* png(check: PixelCheck): Pull<Shape> {
  yield* take(8);
  const header = yield* take(8 + 13 + 4);
  if (header.getUint32(0) !== 13 || ascii(header, 4, 4) !== 'IHDR') {
    throw corrupt('the PNG does not begin with an IHDR chunk');
  }
  const width = header.getUint32(8);
  const height = header.getUint32(12);
  if (width > maxLength || height > maxLength) throw corrupt('the PNG has an impossible size');
  check(width, height, 1);
  return { width, height, frames: 1, orientation: yield* orientationBeforeData() };
}

function* orientationBeforeData(): Pull<number> {
  let orientation = 1;
  for (let chunks = 0; chunks < maxChunks; chunks++) {
    const head = yield* take(8);
    const length = head.getUint32(0);
    const type = ascii(head, 4, 4);
    if (length > maxLength) throw corrupt('a PNG chunk has an impossible length');
    if (type === 'IDAT') return orientation;
    if (type === 'IEND') throw corrupt('the PNG has no picture data');
    if (type === 'eXIf' && length <= maxExifBytes) {
      orientation = exifOrientation(yield* take(length));
      yield* skip(4);
    } else yield* skip(length + 4);
  }
  throw corrupt(`the PNG has more than ${maxChunks} chunks before its picture`);
}
