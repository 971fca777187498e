import { corrupt } from './faults.ts';
import { take, type Pull } from './pull.ts';
import type { Shape, SizeCheck } from './shape.ts';

const coreHeaderBytes = 12;
const fileHeaderBytes = 14;

/** OS/2's header may end after any of its fields; Windows has 40, 52, 56, 108 and 124 bytes. */
export const isBmpHeader = (bytes: number): boolean =>
  bytes === coreHeaderBytes ||
  (bytes >= 16 && bytes <= 64 && bytes % 2 === 0) ||
  bytes === 108 ||
  bytes === 124;

/** BITMAPFILEHEADER and the bitmap header after it. */
export function* bmp(check: SizeCheck): Pull<Shape> {
  const headerBytes = (yield* take(fileHeaderBytes + 4)).getUint32(14, true);
  const info = yield* take(headerBytes - 4);
  const isCore = headerBytes === coreHeaderBytes;
  const width = isCore ? info.getUint16(0, true) : info.getInt32(0, true);
  // A negative height means that rows run from the top.
  const height = isCore ? info.getUint16(2, true) : Math.abs(info.getInt32(4, true));
  if (width < 0) throw corrupt('the BMP has a negative width');
  check(width, height);
  return { width, height };
}
