import { corrupt, unsupported } from './faults.ts';
import { skip, take, type Pull } from './pull.ts';
import type { PixelCheck, Shape } from './shape.ts';

const coreHeaderBytes = 12;
const fileHeaderBytes = 14;
const uncompressed = 0;
const bitFields = 3;

export const bmpHeaderBytes: readonly number[] = [12, 40, 52, 56, 64, 108, 124];

/** BITMAPFILEHEADER and the bitmap header after it; uncompressed pixels must all be there. */
export function* bmp(check: PixelCheck): Pull<Shape> {
  const file = yield* take(fileHeaderBytes + 4);
  const headerBytes = file.getUint32(14, true);
  const dataOffset = file.getUint32(10, true);
  const info = yield* take(headerBytes - 4);
  const { width, height, bits, compression } = headerBytes === coreHeaderBytes ? core(info) : windows(info);
  check(width, height, 1);
  if (compression !== uncompressed && compression !== bitFields) {
    throw unsupported('Compressed BMP files cannot be read.');
  }
  if (![1, 4, 8, 16, 24, 32].includes(bits)) throw corrupt('the BMP has an impossible bit depth');
  const already = fileHeaderBytes + headerBytes;
  if (dataOffset < already) throw corrupt('the BMP has its pixels inside its header');
  const rowBytes = Math.ceil((width * bits) / 32) * 4;
  yield* skip(dataOffset - already + rowBytes * height);
  return { width, height, frames: 1, orientation: 1 };
}

const core = (info: DataView) => ({
  width: info.getUint16(0, true),
  height: info.getUint16(2, true),
  bits: info.getUint16(6, true),
  compression: uncompressed,
});

/** A negative height means that rows run from the top. */
const windows = (info: DataView) => ({
  width: info.getInt32(0, true),
  height: Math.abs(info.getInt32(4, true)),
  bits: info.getUint16(10, true),
  compression: info.getUint32(12, true),
});
