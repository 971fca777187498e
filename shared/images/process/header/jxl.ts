import { imageLimits } from '../limits.ts';
import { corrupt, tooComplex } from './faults.ts';
import { ascii, skip, take, takeOrEnd, type Pull } from './pull.ts';
import type { Shape, SizeCheck } from './shape.ts';

const headerBytes = 16;
/** Bits of a side less one, by selector. */
const sideBits = [9, 13, 18, 30];
/** Width for a height, by ratio. */
const ratios = [
  [1, 1],
  [12, 10],
  [4, 3],
  [3, 2],
  [16, 9],
  [5, 4],
  [2, 1],
] as const;

/** ISO/IEC 18181: a codestream, or boxes (part 2) around one. */
export function* jxl(check: SizeCheck): Pull<Shape> {
  const start = yield* take(2);
  const stream = start.getUint16(0) === 0xff0a ? yield* takeOrEnd(headerBytes) : yield* inBoxes();
  const bits = bitReader(stream);
  const { width, height } = size(bits);
  check(width, height);
  return { width, height, orientation: orientation(bits) };
}

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

type Bits = (count: number) => number;

/** Least significant bit first. */
function bitReader(view: DataView): Bits {
  let at = 0;
  return (count) => {
    let value = 0;
    for (let bit = 0; bit < count; bit++, at++) {
      const byte = at >> 3;
      if (byte >= view.byteLength) throw corrupt('the JPEG XL has no size');
      value += ((view.getUint8(byte) >> (at & 7)) & 1) * 2 ** bit;
    }
    return value;
  };
}

function size(bits: Bits): { width: number; height: number } {
  const isSmall = bits(1) === 1;
  const side = () => (isSmall ? (bits(5) + 1) * 8 : bits(sideBits[bits(2)]!) + 1);
  const height = side();
  const ratio = ratios[bits(3) - 1];
  return { height, width: ratio ? Math.floor((height * ratio[0]) / ratio[1]) : side() };
}

function orientation(bits: Bits): number {
  const isDefault = bits(1) === 1;
  const hasExtraFields = !isDefault && bits(1) === 1;
  return hasExtraFields ? bits(3) + 1 : 1;
}
