import { crc32 } from 'node:zlib';
import { join, le16, le32 } from '../image-bytes.ts';

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

/** A PNG chunk with a checksum that is right. */
export function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  return Buffer.concat([uint32(data.length), body, uint32(crc32(body))]);
}

/** The signature and the IHDR. */
export const pngHeaderBytes = 8 + 25;
/** Of its last chunk. */
export const pngEndBytes = 12;

/** The PNG with other chunks after its IHDR. */
export const withPngChunks = (png: Buffer, chunks: readonly Buffer[]): Buffer =>
  Buffer.concat([png.subarray(0, pngHeaderBytes), ...chunks, png.subarray(pngHeaderBytes)]);

/** The PNG with another size in its header, checksum and all. */
export function resizedPng(png: Buffer, width: number, height: number): Buffer {
  const header = Buffer.from(png.subarray(16, 29));
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  return Buffer.concat([png.subarray(0, 8), pngChunk('IHDR', header), png.subarray(pngHeaderBytes)]);
}

/** A JPEG marker segment. */
export function jpegSegment(marker: number, data: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([head, data]);
}

export const withJpegSegments = (jpeg: Buffer, segments: readonly Buffer[]): Buffer =>
  Buffer.concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2)]);

/** A copy with bytes written over from an offset on. */
export function patched(file: Buffer, offset: number, write: (copy: Buffer, offset: number) => void): Buffer {
  const copy = Buffer.from(file);
  write(copy, offset);
  return copy;
}

/** Where a JPEG's frame header holds its height and width. */
export function jpegSizeOffset(jpeg: Buffer): number {
  for (let at = 2; at < jpeg.length; at += 2 + jpeg.readUInt16BE(at + 2)) {
    const marker = jpeg[at + 1]!;
    if (marker >= 0xc0 && marker <= 0xc2) return at + 5;
  }
  throw new Error('no frame header');
}

/** Where a little-endian TIFF's directory holds the value of a tag. */
export function tiffValueOffset(tiff: Buffer, tag: number): number {
  const directory = tiff.readUInt32LE(4);
  for (let index = 0; index < tiff.readUInt16LE(directory); index++) {
    const entry = directory + 2 + index * 12;
    if (tiff.readUInt16LE(entry) === tag) return entry + 8;
  }
  throw new Error(`no tag ${tag}`);
}

/** A BMP of 100×75 that says its pixels are a file: 4 for a JPEG, 5 for a PNG. */
export const bmpAround = (file: Buffer, compression: 4 | 5): Buffer =>
  join(
    ...['BM', le32(54 + file.length), le32(0), le32(54)],
    ...[le32(40), le32(100), le32(75), le16(1), le16(0), le32(compression), le32(file.length)],
    ...[Buffer.alloc(16), file],
  );

/** A TIFF of 100×75 with old-style JPEG. */
export function tiffAround(jpeg: Buffer): Buffer {
  const [short, long] = [3, 4];
  const entries = [
    ...[le16(256), le16(short), le32(1), le32(100)],
    ...[le16(257), le16(short), le32(1), le32(75)],
    ...[le16(259), le16(short), le32(1), le32(6)],
    ...[le16(262), le16(short), le32(1), le32(6)],
    ...[le16(513), le16(long), le32(1), le32(8 + 2 + 5 * 12 + 4)],
  ];
  return join('II', le16(42), le32(8), le16(5), ...entries, le32(0), jpeg);
}
