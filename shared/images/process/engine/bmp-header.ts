import type { ImageFile } from '../file/image-file.ts';
import { corrupt } from '../header/faults.ts';

const fileHeaderBytes = 14;
const coreHeaderBytes = 12;
/** Of headers, masks and a palette of 256 colours. */
const maxHeaderBytes = 2_048;
const [version4Bytes, version5Bytes] = [108, 124];
const windowsHeaders = [40, 52, 56, version4Bytes, version5Bytes];
/** Of bV5CSType: the profile is in the file. */
const embeddedProfile = 0x4d424544;

export interface BmpHeader {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly compression: number;
  readonly isOs2: boolean;
  /** Run-length encoded. */
  readonly isPacked: boolean;
  readonly isTopDown: boolean;
  readonly dataOffset: number;
  /** Where the ICC profile is. */
  readonly profile: { readonly offset: number; readonly bytes: number } | undefined;
  /** RGBA, little endian. */
  readonly palette: Uint32Array;
  readonly masks: {
    readonly red: number;
    readonly green: number;
    readonly blue: number;
    readonly alpha: number;
  };
}

/** Little endian RGBA, as every machine that Node runs on has it. */
export const rgba = (red: number, green: number, blue: number, alpha: number): number =>
  (red | (green << 8) | (blue << 16) | (alpha << 24)) >>> 0;

/** BITMAPCOREHEADER, OS22XBITMAPHEADER (which may end after any field) and BITMAPINFOHEADER to BITMAPV5HEADER. */
export function readBmpHeader(whole: Pick<ImageFile, 'read' | 'size'>): BmpHeader {
  const file = whole.read(0, maxHeaderBytes);
  const headerBytes = file.readUInt32LE(fileHeaderBytes);
  const end = fileHeaderBytes + headerBytes;
  if (file.length < end) throw corrupt('the BMP ends in its header');
  const isCore = headerBytes === coreHeaderBytes;
  const field = (at: number, bytes: 2 | 4): number => {
    if (at + bytes > headerBytes) return 0;
    return bytes === 2 ? file.readUInt16LE(fileHeaderBytes + at) : file.readUInt32LE(fileHeaderBytes + at);
  };
  const isOs2 = isCore || !windowsHeaders.includes(headerBytes);
  const bits = isCore ? field(10, 2) : field(14, 2);
  const compression = isCore ? 0 : field(16, 4);
  if (![1, 2, 4, 8, 16, 24, 32].includes(bits) && (isOs2 || (compression !== 4 && compression !== 5))) {
    throw corrupt('the BMP has an impossible bit depth');
  }
  const rows = isCore ? field(6, 2) : field(8, 4) | 0;
  const separateMasks = !isOs2 && headerBytes === 40 ? ({ 3: 12, 6: 16 }[compression] ?? 0) : 0;
  const paletteAt = end + separateMasks;
  const entryBytes = isCore ? 3 : 4;
  return {
    ...{ width: isCore ? field(4, 2) : field(4, 4) | 0, height: Math.abs(rows), isTopDown: rows < 0 },
    ...{ bits, compression, isOs2 },
    isPacked: isPacked(compression, isOs2, bits),
    dataOffset: dataOffset(file, end, whole.size),
    profile:
      headerBytes === version5Bytes && field(56, 4) === embeddedProfile
        ? { offset: fileHeaderBytes + field(112, 4), bytes: field(116, 4) }
        : undefined,
    palette:
      bits > 8 ? new Uint32Array() : palette(file, paletteAt, field(32, 4) || 2 ** bits, entryBytes, bits),
    masks: masks(file, { headerBytes, bits, compression: isOs2 ? 0 : compression }),
  };
}

function isPacked(compression: number, isOs2: boolean, bits: number): boolean {
  if (compression === 0 || (!isOs2 && (compression === 3 || compression === 6))) return false;
  if ((compression === 1 && bits === 8) || (compression === 2 && bits === 4)) return true;
  if (isOs2 && compression === 4 && bits === 24) return true;
  if (!isOs2 && (compression === 4 || compression === 5)) return false;
  if (isOs2 && compression === 3) return false;
  throw corrupt('the BMP names a compression that there is not');
}

/** Some writers say nothing, or less than the header takes: then the pixels follow what is known to be there. */
function dataOffset(file: Buffer, headerEnd: number, fileBytes: number): number {
  const told = file.readUInt32LE(10);
  return told < headerEnd || told > fileBytes ? headerEnd : told;
}

function palette(file: Buffer, from: number, count: number, entryBytes: number, bits: number): Uint32Array {
  const present = Math.floor(Math.max(0, file.length - from) / entryBytes);
  const entries = Math.min(count, 2 ** bits, present);
  return Uint32Array.from({ length: entries }, (_, index) => {
    const at = from + index * entryBytes;
    return (file[at + 2]! | (file[at + 1]! << 8) | (file[at]! << 16) | 0xff000000) >>> 0;
  });
}

function masks(
  file: Buffer,
  { headerBytes, bits, compression }: { headerBytes: number; bits: number; compression: number },
): BmpHeader['masks'] {
  const at = (index: number): number => {
    const offset = fileHeaderBytes + 40 + index * 4;
    return offset + 4 > file.length ? 0 : file.readUInt32LE(offset);
  };
  if (compression !== 3 && compression !== 6) {
    // Masks hold for other compressions only, but in browsers the last byte is alpha where there is a mask for it.
    const hasAlpha = bits === 32 && headerBytes >= version4Bytes && at(3) !== 0;
    const alpha = hasAlpha ? 0xff000000 : 0;
    return bits === 16
      ? { red: 0x7c00, green: 0x03e0, blue: 0x001f, alpha }
      : { red: 0xff0000, green: 0xff00, blue: 0xff, alpha };
  }
  const hasAlpha = headerBytes >= 56 || (headerBytes === 40 && compression === 6);
  return { red: at(0), green: at(1), blue: at(2), alpha: hasAlpha ? at(3) : 0 };
}
