import { imageLimits } from '../limits.ts';
import { imageMetadata, size, type Bits } from './jxl-metadata.ts';
import { corrupt, tooComplex } from './faults.ts';
import { ascii, skip, take, takeOrEnd, type Pull } from './pull.ts';
import type { Shape, SizeCheck } from './shape.ts';

/** Up to the end of what describes its channels: a dozen, with the longest names. */
const headerBytes = 16_384;

/** ISO/IEC 18181: a codestream, or boxes (part 2) around one. */
export function* jxl(check: SizeCheck): Pull<Shape> {
  const start = yield* take(2);
  const isBare = start.getUint16(0) === 0xff0a;
  const { stream, isOfJpeg } = isBare
    ? { stream: yield* takeOrEnd(headerBytes), isOfJpeg: false }
    : yield* inBoxes();
  const bits = bitReader(stream);
  const { width, height } = size(bits);
  check(width, height);
  const { orientation, channels, isDeep, isLossy, isPremultiplied } = imageMetadata(bits);
  return {
    ...{ width, height, orientation, channels, isPremultiplied },
    interlaced: !isLossy && !isOfJpeg,
    bytesPerPixel: Math.min(4, channels) * (isDeep ? 2 : 1),
  };
}

/** The codestream, and whether it is a JPEG's, with what brings that back (`jbrd`). */
function* inBoxes(): Pull<{ stream: DataView; isOfJpeg: boolean }> {
  yield* skip(10);
  let isOfJpeg = false;
  for (let boxes = 0; boxes < imageLimits.maxSegments; boxes++) {
    const head = yield* take(8);
    const type = ascii(head, 4, 4);
    let length = head.getUint32(0) - 8;
    if (length === -7) length = Number((yield* take(8)).getBigUint64(0)) - 16;
    if (type === 'jxlc' || type === 'jxlp') {
      const stream = yield* takeOrEnd(headerBytes + (type === 'jxlp' ? 6 : 2));
      const from = stream.byteOffset + (type === 'jxlp' ? 6 : 2);
      const end = stream.byteOffset + stream.byteLength;
      return { stream: new DataView(stream.buffer, from, Math.max(0, end - from)), isOfJpeg };
    }
    isOfJpeg ||= type === 'jbrd';
    if (length < 0) throw corrupt('one of its boxes has an impossible length');
    yield* skip(length);
  }
  throw tooComplex('boxes', imageLimits.maxSegments);
}

/** Least significant bit first. */
function bitReader(view: DataView): Bits {
  let at = 0;
  return (count) => {
    let value = 0;
    for (let bit = 0; bit < count; bit++, at++) {
      const byte = at >> 3;
      if (byte >= view.byteLength) throw corrupt('the JPEG XL ends in its header');
      value += ((view.getUint8(byte) >> (at & 7)) & 1) * 2 ** bit;
    }
    return value;
  };
}
