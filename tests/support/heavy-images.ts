import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { pngChunks } from '../../shared/images/process/engine/sources/png-chunks.ts';
import { FileView } from '../../shared/images/process/file/file-view.ts';
import { inMemory } from '../../shared/images/process/file/in-memory.ts';
import { be32, join } from './image-bytes.ts';
import { seeded } from './random.ts';

const random = seeded(18);
const filling = Buffer.from(Array.from({ length: 1_048_576 }, () => random() * 256));
const [width, height] = [640, 480];

export interface HeavyImage {
  /** What is heavy in it. */
  readonly title: string;
  readonly extension: string;
  /** Writes a file of at least so many bytes, and little more; answers the same picture in a small file. */
  readonly write: (path: string, bytes: number) => Promise<Buffer>;
}

/** Buffers, and numbers that stand for as many bytes of filling. */
function write(path: string, parts: readonly (Uint8Array | number)[]): void {
  const file = openSync(path, 'w');
  for (const part of parts) {
    if (part instanceof Uint8Array) writeSync(file, part);
    else for (let left = part; left > 0; left -= filling.length) writeSync(file, filling.subarray(0, left));
  }
  closeSync(file);
}

const picture = () =>
  sharp(filling.subarray(0, width * height * 3), { raw: { width, height, channels: 3 } }).blur(8);

/** A whole small file, and whatever behind it. */
const trailing = (title: string, extension: string, small: () => Promise<Buffer>): HeavyImage => ({
  ...{ title, extension },
  async write(path, bytes) {
    const file = await small();
    write(path, [file, bytes]);
    return file;
  },
});

const pngChunk = (type: string, data: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
};

/** Of 16 bits and four channels, in stored blocks: as heavy as it is large. */
function largePng(path: string, bytes: number): Promise<Buffer> {
  const rowBytes = 8_000 * 8 + 1;
  const rows = Math.ceil(bytes / (rowBytes + 17));
  const header = Buffer.from([0, 0, 0x1f, 0x40, 0, 0, 0, 0, 16, 6, 0, 0, 0]);
  header.writeUInt32BE(rows, 4);
  const file = openSync(path, 'w');
  writeSync(file, Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'));
  writeSync(file, pngChunk('IHDR', header));
  writeSync(file, pngChunk('IDAT', Buffer.from([0x78, 0x01])));
  let [a, b] = [1, 0];
  for (let row = 0; row < rows; row++) {
    const block = Buffer.alloc(5 + rowBytes);
    block[0] = row === rows - 1 ? 1 : 0;
    block.writeUInt16LE(rowBytes, 1);
    block.writeUInt16LE(rowBytes ^ 0xffff, 3);
    filling.copy(block, 6, (row * 977) % 900_000, ((row * 977) % 900_000) + rowBytes - 1);
    for (let at = 5; at < block.length; at++) {
      a += block[at]!;
      b += a;
      if (at % 3_800 === 0) [a, b] = [a % 65_521, b % 65_521];
    }
    [a, b] = [a % 65_521, b % 65_521];
    writeSync(file, pngChunk('IDAT', block));
  }
  const adler = Buffer.alloc(4);
  adler.writeUInt32BE(b * 65_536 + a);
  writeSync(file, pngChunk('IDAT', adler));
  writeSync(file, pngChunk('IEND', Buffer.alloc(0)));
  closeSync(file);
  return Promise.resolve(Buffer.alloc(0));
}

/** Pixels at 8, whatever between, then arrays and the directory: XMP is the filling. */
function tiff(path: string, filler: number, rowsPerStrip: number, hasText: boolean, pixels: Buffer): void {
  const strips = Math.ceil(height / rowsPerStrip);
  const stripBytes = rowsPerStrip * width * 3;
  const arraysAt = 8 + pixels.length + filler;
  const arrays = new DataView(new ArrayBuffer(strips * 8 + 6));
  for (let strip = 0; strip < strips; strip++) {
    arrays.setUint32(strip * 4, 8 + strip * stripBytes, true);
    arrays.setUint32((strips + strip) * 4, Math.min(stripBytes, pixels.length - strip * stripBytes), true);
  }
  for (let channel = 0; channel < 3; channel++) arrays.setUint16(strips * 8 + channel * 2, 8, true);
  const entries = [
    ...[
      [256, 4, 1, width],
      [257, 4, 1, height],
      [258, 3, 3, arraysAt + strips * 8],
      [259, 3, 1, 1],
    ],
    ...[
      [262, 3, 1, 2],
      [273, 4, strips, strips === 1 ? 8 : arraysAt],
      [277, 3, 1, 3],
    ],
    ...[
      [278, 4, 1, rowsPerStrip],
      [279, 4, strips, strips === 1 ? pixels.length : arraysAt + strips * 4],
    ],
    ...(hasText ? [[700, 1, filler, 8 + pixels.length]] : []),
  ];
  const directory = Buffer.alloc(2 + entries.length * 12 + 4);
  directory.writeUInt16LE(entries.length);
  for (const [index, [tag, type, count, value]] of entries.entries()) {
    directory.writeUInt16LE(tag!, 2 + index * 12);
    directory.writeUInt16LE(type!, 4 + index * 12);
    directory.writeUInt32LE(count!, 6 + index * 12);
    directory.writeUInt32LE(value!, 10 + index * 12);
  }
  const start = Buffer.from('II*\0\0\0\0\0', 'latin1');
  start.writeUInt32LE(arraysAt + arrays.byteLength, 4);
  write(path, [start, pixels, filler, new Uint8Array(arrays.buffer), directory]);
}

const heavyTiff = (title: string, rowsPerStrip: number, hasText: boolean): HeavyImage => ({
  ...{ title, extension: 'tif' },
  async write(path, bytes) {
    const pixels = await picture().raw().toBuffer();
    tiff(path, 0, rowsPerStrip, false, pixels);
    const small = readFileSync(path);
    tiff(path, bytes + (bytes & 1), rowsPerStrip, hasText, pixels);
    return small;
  },
});

const bmpHeader = (pixelsAt: number): Buffer => {
  const header = Buffer.alloc(54);
  header.write('BM', 'latin1');
  header.writeUInt32LE(pixelsAt, 10);
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(width, 18);
  header.writeInt32LE(-height, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(24, 28);
  return header;
};

/** Files that weigh whatever is wanted, of every type that is read where it lies. */
export const heavyImages: readonly HeavyImage[] = [
  trailing('JPEG with a film behind it', 'jpg', () => picture().jpeg().toBuffer()),
  {
    ...{ title: 'JPEG with thousands of segments of text', extension: 'jpg' },
    async write(path, bytes) {
      const small = await picture().jpeg().toBuffer();
      const text = Buffer.alloc(65_537, 'http://ns.adobe.com/xmp/extension/');
      text.writeUInt32BE(0xffe1ffff);
      // As many segments as a JPEG may have, and a film for the rest.
      const segments = Math.min(9_900, Math.floor(bytes / text.length));
      const all = Array.from({ length: segments }, () => text);
      const rest = bytes - segments * text.length;
      write(path, [small.subarray(0, 2), ...all, small.subarray(2), rest]);
      return small;
    },
  },
  {
    ...{ title: 'PNG with a long text before its picture', extension: 'png' },
    async write(path, bytes) {
      const small = await picture().png().toBuffer();
      const head = Buffer.alloc(8);
      head.writeUInt32BE(bytes);
      head.write('tEXt', 4, 'latin1');
      write(path, [small.subarray(0, 33), head, bytes, Buffer.alloc(4), small.subarray(33)]);
      return small;
    },
  },
  {
    ...{ title: 'animated PNG with a heavy default image that is no frame', extension: 'png' },
    async write(path, bytes) {
      const small = await picture().png().toBuffer();
      const still = pngChunks(new FileView(inMemory(small)));
      const pieces = still.filter(({ type }) => type === 'IDAT').map(({ range }) => range);
      const [start, end] = [pieces[0]![0], pieces.at(-1)![1]];
      const [animation, control, head] = [Buffer.alloc(8), Buffer.alloc(26), Buffer.alloc(8)];
      animation.writeUInt32BE(1);
      control.writeUInt32BE(width, 4);
      control.writeUInt32BE(height, 8);
      head.writeUInt32BE(bytes);
      head.write('IDAT', 4, 'latin1');
      // More than one data chunk, the second one longer than what is read of a file at once.
      const data = join(
        ...pieces.map(([from, to]) => small.subarray(from + 8, to - 4)),
        Buffer.alloc(2_500_000),
      );
      const frame = [data.subarray(0, 999), data.subarray(999)].map((part, index) =>
        pngChunk('fdAT', join(be32(index + 1), part)),
      );
      write(path, [
        small.subarray(0, start),
        ...[pngChunk('acTL', animation), head, bytes, Buffer.alloc(4)],
        ...[pngChunk('fcTL', control), ...frame, small.subarray(end)],
      ]);
      return small;
    },
  },
  trailing('PNG with another file behind it', 'png', () => picture().png().toBuffer()),
  {
    ...{ title: 'WebP with a long text', extension: 'webp' },
    async write(path, bytes) {
      const small = await picture().webp().toBuffer();
      const [riff, extended, text] = [Buffer.alloc(12), Buffer.alloc(18), Buffer.alloc(8)];
      riff.write('RIFF    WEBP', 'latin1');
      riff.writeUInt32LE(small.length - 8 + 18 + 8 + bytes + (bytes & 1), 4);
      extended.write('VP8X', 'latin1');
      extended.writeUInt32LE(10, 4);
      extended[8] = 0x04;
      extended.writeUIntLE(width - 1, 12, 3);
      extended.writeUIntLE(height - 1, 15, 3);
      text.write('XMP ', 'latin1');
      text.writeUInt32LE(bytes, 4);
      write(path, [riff, extended, small.subarray(12), text, bytes + (bytes & 1)]);
      return small;
    },
  },
  trailing('WebP with another file behind it', 'webp', () => picture().webp().toBuffer()),
  trailing('GIF with another file behind it', 'gif', () => picture().gif().toBuffer()),
  {
    ...{ title: 'BMP with a gap before its pixels', extension: 'bmp' },
    async write(path, bytes) {
      const pixels = await picture()
        .recomb([
          [0, 0, 1],
          [0, 1, 0],
          [1, 0, 0],
        ])
        .raw()
        .toBuffer();
      write(path, [bmpHeader(54 + bytes), bytes, pixels]);
      return Buffer.concat([bmpHeader(54), pixels]);
    },
  },
  heavyTiff('TIFF with a long text', 16, true),
  heavyTiff('TIFF of one strip, with a gap before its directory', height, false),
];

/** A picture that weighs what its pixels weigh, some 117 million of them in 900 MB. */
export const heavyPixels: HeavyImage = { title: 'PNG of many pixels', extension: 'png', write: largePng };
