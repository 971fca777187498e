import { DarkroomError } from '../../../platform/errors.ts';
import { imageLimits } from '../limits.ts';
import { imageMetadata, size, type Bits } from './jxl-metadata.ts';
import { corrupt, tooComplex } from './faults.ts';
import { ascii, skip, take, takeOrEnd, type Pull } from './pull.ts';
import type { Shape, SizeCheck } from './shape.ts';

/** Up to the first channel of alpha, whose name may be long. */
const headerBytes = 2_048;

/** ISO/IEC 18181: a codestream, or boxes (part 2) around one. */
export function* jxl(check: SizeCheck): Pull<Shape> {
  const start = yield* take(2);
  const stream = start.getUint16(0) === 0xff0a ? yield* takeOrEnd(headerBytes) : yield* inBoxes();
  const bits = bitReader(stream);
  const { width, height } = size(bits);
  check(width, height);
  const metadata = imageMetadata(bits);
  if (metadata.isPremultiplied) throw premultiplied();
  return { width, height, orientation: metadata.orientation };
}

/** Its decoder divides by alpha twice. */
const premultiplied = () =>
  new DarkroomError(
    'unsupported-compression',
    'The picture has transparency that its colours are multiplied with, which is not read here: save it as PNG, or without that, and send it again.',
  );

function* inBoxes(): Pull<DataView> {
  yield* skip(10);
  for (let boxes = 0; boxes < imageLimits.maxSegments; boxes++) {
    const head = yield* take(8);
    const type = ascii(head, 4, 4);
    let length = head.getUint32(0) - 8;
    if (length === -7) length = Number((yield* take(8)).getBigUint64(0)) - 16;
    if (type === 'jxlc' || type === 'jxlp') {
      const stream = yield* takeOrEnd(headerBytes + (type === 'jxlp' ? 6 : 2));
      const from = stream.byteOffset + (type === 'jxlp' ? 6 : 2);
      return new DataView(stream.buffer, from, Math.max(0, stream.byteOffset + stream.byteLength - from));
    }
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
