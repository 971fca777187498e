import { crc32 } from 'node:zlib';

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

const signatureAndHeader = 8 + 25;

/** The PNG with other chunks after its IHDR. */
export const withPngChunks = (png: Buffer, chunks: readonly Buffer[]): Buffer =>
  Buffer.concat([png.subarray(0, signatureAndHeader), ...chunks, png.subarray(signatureAndHeader)]);

/** The PNG with another size in its header, checksum and all. */
export function resizedPng(png: Buffer, width: number, height: number): Buffer {
  const header = Buffer.from(png.subarray(16, 29));
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  return Buffer.concat([png.subarray(0, 8), pngChunk('IHDR', header), png.subarray(signatureAndHeader)]);
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
