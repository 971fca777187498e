import { corrupt } from './faults.ts';
import { skip, take, type Pull } from './pull.ts';
import type { PixelCheck, Shape } from './shape.ts';

const tags = { width: 256, height: 257, orientation: 274 } as const;
const short = 3;
const long = 4;
const maxEntries = 4096;

/** TIFF 6.0: the first directory, which is the page that is decoded. */
export function* tiff(check: PixelCheck): Pull<Shape> {
  const head = yield* take(8);
  const little = head.getUint16(0) === 0x4949;
  const offset = head.getUint32(4, little);
  if (offset < 8) throw corrupt('the TIFF has its directory inside its header');
  yield* skip(offset - 8);
  const count = (yield* take(2)).getUint16(0, little);
  if (count === 0 || count > maxEntries) throw corrupt('the TIFF has an impossible directory');
  const entries = yield* take(count * 12);
  const width = valueOf(entries, tags.width, little);
  const height = valueOf(entries, tags.height, little);
  if (width === undefined || height === undefined) throw corrupt('the TIFF does not tell its size');
  check(width, height, 1);
  const orientation = valueOf(entries, tags.orientation, little) ?? 1;
  return { width, height, frames: 1, orientation: orientation >= 1 && orientation <= 8 ? orientation : 1 };
}

function valueOf(entries: DataView, tag: number, little: boolean): number | undefined {
  for (let at = 0; at < entries.byteLength; at += 12) {
    if (entries.getUint16(at, little) !== tag) continue;
    const type = entries.getUint16(at + 2, little);
    if (type === short) return entries.getUint16(at + 8, little);
    if (type === long) return entries.getUint32(at + 8, little);
  }
  return undefined;
}
