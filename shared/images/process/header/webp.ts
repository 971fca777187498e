import { imageLimits } from '../limits.ts';
import { exifOrientation } from './exif.ts';
import { corrupt, tooComplex } from './faults.ts';
import { ascii, skip, take, takeOrEnd, type Pull } from './pull.ts';
import type { Shape, SizeCheck } from './shape.ts';

const hasExif = 0x08;

/** RFC 9649: a RIFF container with a VP8, VP8L or VP8X chunk first. */
export function* webp(check: SizeCheck): Pull<Shape> {
  yield* take(12);
  const head = yield* take(8);
  const type = ascii(head, 0, 4);
  const length = head.getUint32(4, true);
  // A lossless picture of one colour has fewer bytes than the other kinds have before their pixels.
  const headBytes = type === 'VP8L' ? 5 : 10;
  if (length < headBytes || !(type in sizeOf)) throw corrupt('the WebP does not begin with a picture chunk');
  const first = yield* take(headBytes);
  const { width, height } = sizeOf[type as keyof typeof sizeOf](first);
  check(width, height);
  yield* skip(padded(length) - headBytes);
  if (type !== 'VP8X') return { width, height };
  return { width, height, ...(yield* chunks((first.getUint8(0) & hasExif) !== 0)) };
}

const sizeOf = {
  'VP8 ': (view: DataView) => {
    if (view.getUint8(3) !== 0x9d || view.getUint8(4) !== 0x01 || view.getUint8(5) !== 0x2a) {
      throw corrupt('the VP8 frame has no start code');
    }
    return { width: view.getUint16(6, true) & 0x3fff, height: view.getUint16(8, true) & 0x3fff };
  },
  VP8L: (view: DataView) => {
    if (view.getUint8(0) !== 0x2f) throw corrupt('the VP8L frame has no signature');
    const bits = view.getUint32(1, true);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  },
  VP8X: (view: DataView) => ({ width: uint24(view, 4) + 1, height: uint24(view, 7) + 1 }),
};

const uint24 = (view: DataView, offset: number): number =>
  view.getUint16(offset, true) | (view.getUint8(offset + 2) << 16);
const padded = (length: number): number => length + (length & 1);

/** The chunks behind VP8X: frames are counted; EXIF counts where the flags announce it, as they must. */
function* chunks(isExifAnnounced: boolean): Pull<{ frames: number; orientation: number }> {
  let frames = 0;
  let orientation = 1;
  for (let passed = 0; passed <= imageLimits.maxSegments + imageLimits.maxFrames; passed++) {
    const head = yield* takeOrEnd(8);
    if (head.byteLength < 8) {
      if (frames === 0) throw corrupt('the WebP has no picture');
      return { frames, orientation };
    }
    const type = ascii(head, 0, 4);
    const length = head.getUint32(4, true);
    if (type === 'ANMF' && ++frames > imageLimits.maxFrames)
      throw tooComplex('frames', imageLimits.maxFrames);
    if (type === 'VP8 ' || type === 'VP8L') frames = Math.max(frames, 1);
    if (type === 'EXIF' && isExifAnnounced && length <= imageLimits.maxExifBytes) {
      orientation = exifOrientation(withoutPrefix(yield* take(length)));
    } else yield* skip(length);
    if (length & 1) yield* takeOrEnd(1);
  }
  throw tooComplex('chunks', imageLimits.maxSegments);
}

/** Some writers put JPEG's `Exif\0\0` before the block. */
const withoutPrefix = (view: DataView): DataView =>
  view.byteLength > 6 && ascii(view, 0, 6) === 'Exif\0\0'
    ? new DataView(view.buffer, view.byteOffset + 6, view.byteLength - 6)
    : view;
