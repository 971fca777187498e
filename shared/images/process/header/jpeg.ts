import { imageLimits } from '../limits.ts';
import { exifOrientation } from './exif.ts';
import { corrupt, tooComplex } from './faults.ts';
import { ascii, skip, take, type Pull } from './pull.ts';
import type { Shape, SizeCheck } from './shape.ts';

const startOfScan = 0xda;
const endOfImage = 0xd9;
const app1 = 0xe1;
const progressive = [0xc2, 0xc6, 0xca, 0xce];
const standsAlone = (marker: number): boolean => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
const startsFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

/** ITU-T T.81 B.2: marker segments up to the first scan. Of two EXIF blocks the first counts, as in browsers. */
export function* jpeg(check: SizeCheck): Pull<Shape> {
  yield* take(2);
  let frame: Shape | undefined;
  let orientation: number | undefined;
  const garbage = { left: imageLimits.maxGarbageBytes };
  for (let segments = 0; segments < imageLimits.maxSegments; segments++) {
    const marker = yield* nextMarker(garbage);
    if (standsAlone(marker)) continue;
    if (marker === endOfImage) throw corrupt('the JPEG ends before its first scan');
    const length = (yield* take(2)).getUint16(0) - 2;
    if (length < 0) throw corrupt('a JPEG segment has an impossible length');
    if (marker === startOfScan) {
      if (!frame) throw corrupt('the JPEG has a scan before its frame header');
      return { ...frame, orientation: orientation ?? 1 };
    }
    if (startsFrame(marker)) {
      frame = { ...(yield* frameHeader(length)), interlaced: progressive.includes(marker) };
      check(frame.width, frame.height);
    } else if (marker === app1) {
      const view = yield* take(length);
      if (length <= 6 || ascii(view, 0, 6) !== 'Exif\0\0') continue;
      orientation ??= exifOrientation(new DataView(view.buffer, view.byteOffset + 6, length - 6));
    } else yield* skip(length);
  }
  throw tooComplex('segments', imageLimits.maxSegments);
}

/** Decoders pass over bytes between segments, so a little of it is no fault. */
function* nextMarker(garbage: { left: number }): Pull<number> {
  let inMarker = false;
  while (garbage.left-- > 0) {
    const byte = (yield* take(1)).getUint8(0);
    if (byte === 0xff) inMarker = true;
    else if (inMarker && byte !== 0) {
      garbage.left += 2;
      return byte;
    } else inMarker = false;
  }
  throw corrupt('the JPEG has no marker where one must be');
}

/** Size, and bytes for each pixel: a component has fewer samples where its factors are smaller. */
function* frameHeader(length: number): Pull<Shape> {
  if (length < 6) throw corrupt('the JPEG frame header is too short');
  const view = yield* take(length);
  const factors = Array.from(
    { length: Math.min(view.getUint8(5), Math.floor((length - 6) / 3)) },
    (_, index) => {
      const both = view.getUint8(7 + index * 3);
      return (both >> 4) * (both & 15);
    },
  );
  const largest = Math.max(1, ...factors);
  const bytesPerPixel = factors.reduce((sum, each) => sum + each / largest, 0);
  return { height: view.getUint16(1), width: view.getUint16(3), bytesPerPixel };
}
