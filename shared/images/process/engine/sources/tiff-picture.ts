import type { ImageFile } from '../../file/image-file.ts';
import { corrupt, tooComplex } from '../../header/faults.ts';
import { tiffTags, valueBytes, valuesOf, viewOf, type TiffForm } from '../../header/tiff-directory.ts';
import { imageLimits } from '../../limits.ts';

/** A directory of a file that is here. */
export interface TiffDirectory {
  /** Where it begins, with the number of its entries. */
  readonly at: number;
  readonly form: TiffForm;
  readonly entries: DataView;
  readonly all: (tag: number) => number[];
  readonly one: (tag: number) => number | undefined;
}

export function readTiffDirectory(file: ImageFile): TiffDirectory {
  const view = viewOf(file.read(0, 16));
  const little = view.getUint16(0) === 0x4949;
  const isBig = view.getUint16(2, little) === 43;
  const at = isBig ? Number(view.getBigUint64(8, little)) : view.getUint32(4, little);
  return tiffDirectoryAt(file, at, { little, isBig });
}

const headBytes = ({ isBig }: TiffForm): number => (isBig ? 8 : 2);
const entryBytes = ({ isBig }: TiffForm): number => (isBig ? 20 : 12);

export function tiffDirectoryAt(file: ImageFile, at: number, form: TiffForm): TiffDirectory {
  const head = viewOf(file.read(at, headBytes(form)));
  if (head.byteLength < headBytes(form)) throw corrupt('the TIFF has its directory behind its end');
  const count = form.isBig ? Number(head.getBigUint64(0, form.little)) : head.getUint16(0, form.little);
  const bytes = Math.min(count, imageLimits.maxTiffEntries) * entryBytes(form);
  const entries = viewOf(file.read(at + headBytes(form), bytes));
  const all = (tag: number) => valuesOf(entries, tag, form, file) ?? [];
  return { at, form, entries, all, one: (tag) => all(tag)[0] };
}

/** What a picture is made of: baseline TIFF 6.0, its compressions, JPEG of either style, SGI's, LERC and LogLuv. */
const pictureTags = [
  ...[
    254, 255, 256, 257, 258, 259, 262, 263, 266, 273, 274, 277, 278, 279, 280, 281, 284, 292, 293, 317, 318,
  ],
  ...[
    319, 320, 322, 323, 324, 325, 332, 334, 338, 339, 340, 341, 342, 347, 512, 513, 514, 515, 517, 518, 519,
  ],
  ...[520, 521, 529, 530, 531, 532, 32_995, 32_996, 32_997, 32_998, 34_675, 37_439, 50_674],
];
/** Where the picture's data are: as many as the picture has strips or tiles. */
const placeTags: readonly number[] = [
  tiffTags.stripOffsets,
  tiffTags.stripBytes,
  tiffTags.tileOffsets,
  tiffTags.tileBytes,
];

/**
 * The file with what its picture needs in its directory: libtiff reads the value of every entry into memory. `photometric`
 * takes the place of what the file says its numbers are, so that libvips hands them on unchanged.
 */
export function tiffPicture(
  file: ImageFile,
  { at, form, entries }: TiffDirectory,
  photometric?: number,
): ImageFile {
  const bytes = entryBytes(form);
  const kept: Buffer[] = [];
  for (let from = 0; from + bytes <= entries.byteLength; from += bytes) {
    const entry = new DataView(entries.buffer, entries.byteOffset + from, bytes);
    const tag = entry.getUint16(0, form.little);
    if (!pictureTags.includes(tag)) continue;
    if (!placeTags.includes(tag) && valueBytes(entry, form) > imageLimits.maxProfileBytes)
      throw tooComplex('bytes in one entry', imageLimits.maxProfileBytes);
    const copy = Buffer.from(new Uint8Array(entry.buffer, entry.byteOffset, bytes));
    if (tag === tiffTags.photometric && photometric !== undefined)
      viewOf(copy).setUint16(form.isBig ? 12 : 8, photometric, form.little);
    kept.push(copy);
  }
  const next = file.read(at + headBytes(form) + entries.byteLength, form.isBig ? 8 : 4);
  const count = viewOf(Buffer.alloc(headBytes(form)));
  if (form.isBig) count.setBigUint64(0, BigInt(kept.length), form.little);
  else count.setUint16(0, kept.length, form.little);
  return file.patched(at, Buffer.concat([new Uint8Array(count.buffer), ...kept, next]));
}
