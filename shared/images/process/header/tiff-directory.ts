import type { ImageFile } from '../file/image-file.ts';
import { imageLimits } from '../limits.ts';
import { tooComplex } from './faults.ts';

/** Tags of TIFF 6.0, its supplements, and DNG. */
export const tiffTags = {
  subfileType: 254,
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  stripOffsets: 273,
  orientation: 274,
  samples: 277,
  rowsPerStrip: 278,
  stripBytes: 279,
  planar: 284,
  tileOffsets: 324,
  tileBytes: 325,
  subDirectories: 330,
  extraSamples: 338,
  sampleFormat: 339,
  jpegOffset: 513,
  jpegBytes: 514,
  subsampling: 530,
  profile: 34_675,
  dngVersion: 50_706,
} as const;

export interface TiffForm {
  readonly little: boolean;
  readonly isBig: boolean;
}

const bytesOf: Readonly<Record<number, number>> = { 1: 1, 3: 2, 4: 4, 13: 4, 16: 8 };
/** Bytes of a value by the number of its type, from 1 on (TIFF 6.0, section 2, and BigTIFF); 14 and 15 are none. */
const typeBytes = [1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 8, 8, 8, 8, 8];

/** Bytes of the value of one entry, wherever it lies. */
export function valueBytes(entry: DataView, { little, isBig }: TiffForm): number {
  const count = isBig ? Number(entry.getBigUint64(4, little)) : entry.getUint32(4, little);
  return count * (typeBytes[entry.getUint16(2, little) - 1] ?? 8);
}

const reducedResolution = 1;
const colourFilterArray = 32_803;
const linearRaw = 34_892;
/** Of Sony, Nikon, Pentax, Kodak and Samsung. */
const rawCompressions = [32_767, 34_713, 65_535, 65_000, 32_770, 32_769];

/**
 * The values of a tag; those that lie elsewhere in the file are read from `file`, and undefined without it or where it
 * ends before them.
 */
export function valuesOf(
  entries: DataView,
  tag: number,
  form: TiffForm,
  file?: Pick<ImageFile, 'size' | 'read'>,
): number[] | undefined {
  const { little, isBig } = form;
  const entryBytes = isBig ? 20 : 12;
  for (let at = 0; at + entryBytes <= entries.byteLength; at += entryBytes) {
    if (entries.getUint16(at, little) !== tag) continue;
    const size = bytesOf[entries.getUint16(at + 2, little)];
    const count = isBig ? Number(entries.getBigUint64(at + 4, little)) : entries.getUint32(at + 4, little);
    if (size === undefined || count === 0) return undefined;
    const inline = isBig ? 8 : 4;
    const valueAt = at + (isBig ? 12 : 8);
    if (count * size <= inline) return numbers(entries, valueAt, count, size, little);
    const offset = isBig ? Number(entries.getBigUint64(valueAt, little)) : entries.getUint32(valueAt, little);
    // A header reader has the entries only: of values elsewhere, bits of a sample are the one it asks for.
    if (!file || offset + count * size > file.size) return undefined;
    if (count > imageLimits.maxTiffValues) throw tooComplex('values in one entry', imageLimits.maxTiffValues);
    return numbers(viewOf(file.read(offset, count * size)), 0, count, size, little);
  }
  return undefined;
}

export const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): DataView =>
  new DataView(buffer, byteOffset, byteLength);

function numbers(view: DataView, from: number, count: number, size: number, little: boolean): number[] {
  return Array.from({ length: count }, (_, index) => {
    const at = from + index * size;
    if (size === 1) return view.getUint8(at);
    if (size === 2) return view.getUint16(at, little);
    return size === 4 ? view.getUint32(at, little) : Number(view.getBigUint64(at, little));
  });
}

/**
 * Whether there is alpha behind the colours: as ExtraSamples says, associated or not. One channel that a file says nothing of is
 * alpha too: panorama programs write it so, and all programs read it so.
 */
export function hasAlphaBehind(colours: number, one: (tag: number) => number | undefined): boolean {
  const others = (one(tiffTags.samples) ?? 1) - colours;
  const kind = one(tiffTags.extraSamples);
  return kind === undefined ? others === 1 : others > 0 && (kind === 1 || kind === 2);
}

/** Whether the first directory is that of a camera's raw file: its picture is a thumbnail, or mosaic data. */
export function isCameraRaw(entries: DataView, form: TiffForm): boolean {
  const one = (tag: number) => valuesOf(entries, tag, form)?.[0];
  const photometric = one(tiffTags.photometric);
  return (
    one(tiffTags.dngVersion) !== undefined ||
    photometric === colourFilterArray ||
    photometric === linearRaw ||
    rawCompressions.includes(one(tiffTags.compression) ?? 0) ||
    (one(tiffTags.subfileType) === reducedResolution && has(entries, tiffTags.subDirectories, form))
  );
}

function has(entries: DataView, tag: number, { little, isBig }: TiffForm): boolean {
  for (let at = 0; at + 2 <= entries.byteLength; at += isBig ? 20 : 12) {
    if (entries.getUint16(at, little) === tag) return true;
  }
  return false;
}
