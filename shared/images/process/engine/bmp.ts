import { DarkroomError } from '../../../platform/errors.ts';
import { FileView } from '../file/file-view.ts';
import type { ImageFile } from '../file/image-file.ts';
import { truncated } from '../header/faults.ts';
import { readBmpHeader, rgba, type BmpHeader } from './bmp-header.ts';
import { unpackRuns } from './bmp-runs.ts';
import { withReadableShare } from './failures.ts';
import type { Picture } from './port.ts';

/** A JPEG or a PNG in a BMP. */
export interface EmbeddedFile {
  readonly type: 'image/jpeg' | 'image/png';
  readonly file: ImageFile;
}

const embedded: Readonly<Record<number, EmbeddedFile['type']>> = { 4: 'image/jpeg', 5: 'image/png' };
const huffman = 3;

/** Windows' and OS/2's bitmaps of every depth, packed or not. libvips reads none. */
export function decodeBmp(file: ImageFile): Picture | EmbeddedFile {
  const header = readBmpHeader(file);
  const { compression, isOs2, dataOffset } = header;
  const type = isOs2 ? undefined : embedded[compression];
  if (type) return { type, file: file.keep([[dataOffset, file.size]]) };
  if (isOs2 && compression === huffman) {
    throw new DarkroomError(
      'unsupported-compression',
      'This BMP is compressed as a fax is, which is not read here: save it as PNG and send that.',
    );
  }
  return header.isPacked ? unpackRuns(new FileView(file), header) : rows(file, header);
}

function rows(file: ImageFile, header: BmpHeader): Picture {
  const { width, height, bits, dataOffset, isTopDown } = header;
  const rowBytes = Math.ceil((width * bits) / 32) * 4;
  // The filling at the end of the last row is often left out.
  const neededBytes = rowBytes * (height - 1) + Math.ceil((width * bits) / 8);
  const presentBytes = Math.max(0, file.size - dataOffset);
  if (presentBytes < neededBytes) throw withReadableShare(truncated(), presentBytes / neededBytes);
  const data = Buffer.allocUnsafeSlow(width * height * 4);
  const pixels = new Uint32Array(data.buffer, data.byteOffset, width * height);
  const pixelAt = bits <= 8 ? paletted(header) : direct(header);
  const view = new FileView(file);
  for (let y = 0; y < height; y++) {
    const row = view.bytes(dataOffset + y * rowBytes, rowBytes);
    let to = (isTopDown ? y : height - 1 - y) * width;
    for (let x = 0; x < width; x++) pixels[to++] = pixelAt(row, x);
  }
  return { width, height, channels: 4, data: header.masks.alpha === 0 ? data : opaqueWhereAllClear(data) };
}

function paletted({ bits, palette }: BmpHeader): PixelAt {
  const perByte = 8 / bits;
  const mask = 2 ** bits - 1;
  return (row, x) => {
    const byte = row[Math.floor(x / perByte)]!;
    return palette[(byte >> (8 - bits - (x % perByte) * bits)) & mask] ?? rgba(0, 0, 0, 255);
  };
}

function direct({ bits, masks }: BmpHeader): PixelAt {
  if (bits === 24) {
    return (row, x) => {
      const at = x * 3;
      return rgba(row[at + 2]!, row[at + 1]!, row[at]!, 255);
    };
  }
  const [red, green, blue] = [channel(masks.red), channel(masks.green), channel(masks.blue)];
  const alpha = masks.alpha === 0 ? () => 255 : channel(masks.alpha);
  const bytes = bits / 8;
  return (row, x) => {
    const value = bytes === 2 ? row.readUInt16LE(x * 2) : row.readUInt32LE(x * 4);
    return rgba(red(value), green(value), blue(value), alpha(value));
  };
}

/** Of a row, little endian RGBA. */
type PixelAt = (row: Buffer, x: number) => number;

/** A channel of any width, scaled to 8 bits so that its largest value is 255. */
function channel(mask: number): (value: number) => number {
  if (mask === 0) return () => 0;
  const shift = 31 - Math.clz32(mask & -mask);
  const largest = mask >>> shift;
  const scale = 255 / largest;
  return (value) => Math.round(((value & mask) >>> shift) * scale);
}

/** Many writers leave the alpha of every pixel at zero and mean an opaque picture. */
function opaqueWhereAllClear(data: Buffer): Buffer {
  for (let at = 3; at < data.length; at += 4) if (data[at] !== 0) return data;
  for (let at = 3; at < data.length; at += 4) data[at] = 255;
  return data;
}
