import { imageLimits } from '../limits.ts';
import { validOrientation } from './exif.ts';
import { corrupt, raw } from './faults.ts';
import { skip, take, type Pull } from './pull.ts';
import type { Shape, SizeCheck } from './shape.ts';
import { hasAlphaBehind, isCameraRaw, tiffTags, valuesOf, type TiffForm } from './tiff-directory.ts';

const lab = 8;

/** TIFF 6.0 and BigTIFF: the first directory, which is the page that is decoded. */
export function* tiff(check: SizeCheck): Pull<Shape> {
  const start = yield* take(8);
  const little = start.getUint16(0) === 0x4949;
  const isBig = start.getUint16(2, little) === 43;
  const form: TiffForm = { little, isBig };
  const offset = isBig ? Number((yield* take(8)).getBigUint64(0, little)) : start.getUint32(4, little);
  const headerBytes = isBig ? 16 : 8;
  if (offset < headerBytes) throw corrupt('the TIFF has its directory inside its header');
  yield* skip(offset - headerBytes);
  const count = isBig
    ? Number((yield* take(8)).getBigUint64(0, little))
    : (yield* take(2)).getUint16(0, little);
  if (count === 0 || count > imageLimits.maxTiffEntries)
    throw corrupt('the TIFF has an impossible directory');
  const entries = yield* take(count * (isBig ? 20 : 12));
  if (isCameraRaw(entries, form)) throw raw();
  const one = (tag: number): number | undefined => valuesOf(entries, tag, form)?.[0];
  const width = one(tiffTags.width);
  const height = one(tiffTags.height);
  if (width === undefined || height === undefined) throw corrupt('the TIFF does not tell its size');
  check(width, height);
  const bytesPerPixel = ((one(tiffTags.samples) ?? 1) * Math.max(8, one(tiffTags.bits) ?? 8)) / 8;
  const orientation = validOrientation(one(tiffTags.orientation) ?? 1);
  return { width, height, orientation, bytesPerPixel, interlaced: isHeldWhole(one) };
}

/** Masks, spot colours and depth are left out of the whole picture, and L*a*b* is converted at full size (tiff-channels.ts). */
function isHeldWhole(one: (tag: number) => number | undefined): boolean {
  const photometric = one(tiffTags.photometric) ?? 0;
  if (photometric === lab) return true;
  const colours = { 0: 1, 1: 1, 3: 1, 5: 4 }[photometric] ?? 3;
  const alpha = hasAlphaBehind(colours, one) ? 1 : 0;
  return (one(tiffTags.samples) ?? 1) > colours + alpha;
}
