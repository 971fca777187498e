import { exifOrientation } from './exif.ts';
import { corrupt } from './faults.ts';
import { ascii, skip, take, type Pull } from './pull.ts';
import type { PixelCheck, Shape } from './shape.ts';

const maxGarbageBytes = 65_536;
const startOfScan = 0xda;
const endOfImage = 0xd9;
const app1 = 0xe1;
const standsAlone = (marker: number): boolean => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
const startsFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

/** ITU-T T.81 B.2: marker segments up to the first scan. */
export function* jpeg(check: PixelCheck): Pull<Shape> {
  yield* take(2);
  let size: { width: number; height: number } | undefined;
  let orientation = 1;
  for (;;) {
    const marker = yield* nextMarker();
    if (standsAlone(marker)) continue;
    if (marker === endOfImage) throw corrupt('the JPEG ends before its first scan');
    const length = (yield* take(2)).getUint16(0) - 2;
    if (length < 0) throw corrupt('a JPEG segment has an impossible length');
    if (marker === startOfScan) {
      if (!size) throw corrupt('the JPEG has a scan before its frame header');
      return { ...size, frames: 1, orientation };
    }
    if (startsFrame(marker)) {
      size = yield* frameSize(length);
      check(size.width, size.height, 1);
    } else if (marker === app1) {
      const view = yield* take(length);
      if (length > 6 && ascii(view, 0, 6) === 'Exif\0\0') {
        orientation = exifOrientation(new DataView(view.buffer, view.byteOffset + 6, length - 6));
      }
    } else yield* skip(length);
  }
}

/** Decoders pass over bytes between segments, so a little of it is no fault. */
function* nextMarker(): Pull<number> {
  let inMarker = false;
  for (let passed = 0; passed < maxGarbageBytes; passed++) {
    const byte = (yield* take(1)).getUint8(0);
    if (byte === 0xff) inMarker = true;
    else if (inMarker && byte !== 0) return byte;
    else inMarker = false;
  }
  throw corrupt('the JPEG has no marker where one must be');
}

function* frameSize(length: number): Pull<{ width: number; height: number }> {
  if (length < 6) throw corrupt('the JPEG frame header is too short');
  const view = yield* take(length);
  return { height: view.getUint16(1), width: view.getUint16(3) };
}
