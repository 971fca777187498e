import { tiffTags } from '../../header/tiff-directory.ts';

const [byteType, shortType, longType] = [7, 3, 4];
const headerBytes = 8;
const [grey, rgb, cmyk] = [1, 2, 5];
const unassociatedAlpha = 2;

/** Pixels that are copied row by row, so that a picture of 48 megapixels is not there twice. */
export interface Rows {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3 | 4;
  readonly bits: 8 | 16;
  /** The four channels are cyan, magenta, yellow and black. */
  readonly isOfInks?: true;
  readonly copyRow: (row: number, target: Uint8Array) => void;
}

/** Pixels with their colour profile, in the simplest file that libvips reads both from. */
export function rawTiff(
  { width, height, channels, bits, isOfInks, copyRow }: Rows,
  profile: Uint8Array | undefined,
): Buffer {
  const rowBytes = (width * channels * bits) / 8;
  const pixelBytes = rowBytes * height;
  const pixelsAt = headerBytes;
  const profileAt = pixelsAt + pixelBytes;
  const bitsAt = profileAt + (profile?.length ?? 0) + ((profile?.length ?? 0) & 1);
  const directoryAt = bitsAt + 2 * channels;
  const entries: [tag: number, type: number, count: number, value: number][] = [
    [tiffTags.width, longType, 1, width],
    [tiffTags.height, longType, 1, height],
    [tiffTags.bits, shortType, channels, channels === 1 ? bits : bitsAt],
    [tiffTags.compression, shortType, 1, 1],
    [tiffTags.photometric, shortType, 1, isOfInks ? cmyk : channels === 1 ? grey : rgb],
    [tiffTags.stripOffsets, longType, 1, pixelsAt],
    [tiffTags.samples, shortType, 1, channels],
    [tiffTags.rowsPerStrip, longType, 1, height],
    [tiffTags.stripBytes, longType, 1, pixelBytes],
  ];
  if (channels === 4 && !isOfInks) entries.push([tiffTags.extraSamples, shortType, 1, unassociatedAlpha]);
  if (profile) entries.push([tiffTags.profile, byteType, profile.length, profileAt]);
  const file = Buffer.alloc(directoryAt + 2 + entries.length * 12 + 4);
  file.write('II*\0', 0, 'latin1');
  file.writeUInt32LE(directoryAt, 4);
  for (let row = 0; row < height; row++) {
    const from = pixelsAt + row * rowBytes;
    copyRow(row, file.subarray(from, from + rowBytes));
  }
  if (profile) file.set(profile, profileAt);
  for (let channel = 0; channel < channels; channel++) file.writeUInt16LE(bits, bitsAt + channel * 2);
  let at = file.writeUInt16LE(entries.length, directoryAt);
  for (const [tag, type, count, value] of entries) {
    at = file.writeUInt16LE(tag, at);
    at = file.writeUInt16LE(type, at);
    at = file.writeUInt32LE(count, at);
    at = file.writeUInt32LE(value, at);
  }
  return file;
}
