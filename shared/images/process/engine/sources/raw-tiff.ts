import { tiffTags } from '../../header/tiff-directory.ts';

const [byteType, shortType, longType] = [7, 3, 4];
const headerBytes = 8;
const [grey, rgb, cmyk] = [1, 2, 5];
const unassociatedAlpha = 2;

export interface Layout {
  readonly width: number;
  readonly height: number;
  /** Grey, grey with alpha, colours, colours with alpha. */
  readonly channels: 1 | 2 | 3 | 4;
  readonly bits: 8 | 16;
  /** The four channels are cyan, magenta, yellow and black. */
  readonly isOfInks?: true;
}

/** Pixels that are copied row by row, so that a picture of 48 megapixels is not there twice. */
export interface Rows extends Layout {
  readonly copyRow: (row: number, target: Uint8Array) => void;
}

export interface RawTiff {
  readonly file: Buffer;
  /** The bytes of so many rows, to be written; words have their low byte first. */
  readonly rows: (from: number, count: number) => Buffer;
}

/** Pixels with their colour profile, in the simplest file that libvips reads both from. */
export function rawTiff({ copyRow, ...layout }: Rows, profile: Uint8Array | undefined): Buffer {
  const { file, rows } = emptyTiff(layout, profile);
  for (let row = 0; row < layout.height; row++) copyRow(row, rows(row, 1));
  return file;
}

/** The same before its pixels are written. */
export function emptyTiff(
  { width, height, channels, bits, isOfInks }: Layout,
  profile: Uint8Array | undefined,
): RawTiff {
  const rowBytes = (width * channels * bits) / 8;
  const pixelBytes = rowBytes * height;
  const pixelsAt = headerBytes;
  const profileAt = pixelsAt + pixelBytes;
  const bitsAt = profileAt + (profile?.length ?? 0) + ((profile?.length ?? 0) & 1);
  const directoryAt = bitsAt + 2 * channels;
  const entries: [tag: number, type: number, count: number, value: number][] = [
    [tiffTags.width, longType, 1, width],
    [tiffTags.height, longType, 1, height],
    [tiffTags.bits, shortType, channels, channels <= 2 ? bits * (channels === 1 ? 1 : 0x10001) : bitsAt],
    [tiffTags.compression, shortType, 1, 1],
    [tiffTags.photometric, shortType, 1, isOfInks ? cmyk : channels <= 2 ? grey : rgb],
    [tiffTags.stripOffsets, longType, 1, pixelsAt],
    [tiffTags.samples, shortType, 1, channels],
    [tiffTags.rowsPerStrip, longType, 1, height],
    [tiffTags.stripBytes, longType, 1, pixelBytes],
  ];
  if (channels % 2 === 0 && !isOfInks) entries.push([tiffTags.extraSamples, shortType, 1, unassociatedAlpha]);
  if (profile) entries.push([tiffTags.profile, byteType, profile.length, profileAt]);
  const file = Buffer.alloc(directoryAt + 2 + entries.length * 12 + 4);
  file.write('II*\0', 0, 'latin1');
  file.writeUInt32LE(directoryAt, 4);
  if (profile) file.set(profile, profileAt);
  for (let channel = 0; channel < channels; channel++) file.writeUInt16LE(bits, bitsAt + channel * 2);
  let at = file.writeUInt16LE(entries.length, directoryAt);
  for (const [tag, type, count, value] of entries) {
    at = file.writeUInt16LE(tag, at);
    at = file.writeUInt16LE(type, at);
    at = file.writeUInt32LE(count, at);
    at = file.writeUInt32LE(value, at);
  }
  return {
    file,
    rows: (from, count) => file.subarray(pixelsAt + from * rowBytes, pixelsAt + (from + count) * rowBytes),
  };
}
