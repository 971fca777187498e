import { corrupt, raw } from '../../header/faults.ts';
import {
  isCameraRaw,
  tiffTags,
  valuesOf,
  type TiffDirectory,
  type TiffForm,
} from '../../header/tiff-directory.ts';
import { imageLimits } from '../../limits.ts';
import type { ImageHeader } from '../../ports.ts';
import { converting } from '../colour/samples.ts';
import { cmykReader } from '../colour/cmyk.ts';
import { lab8, scaled, yCbCr } from '../colour/simple-spaces.ts';
import type { Opener } from '../pipeline.ts';
import { openJpeg } from './jpeg-source.ts';
import { openPlain } from './plain-source.ts';
import type { Source } from './source.ts';
import { withoutExtraChannels } from './tiff-channels.ts';

const oldJpeg = 6;
const photometrics = { rgb: 2, cmyk: 5, yCbCr: 6, lab: 8 } as const;
const compressions = { jpeg: 7 } as const;
const sampleFormats = { unsigned: 1, signed: 2, float: 3 } as const;
const strict = { failOn: 'error' } as const;

/** TIFF in all its kinds; what libvips takes for another thing than it is goes a way of its own. */
export async function openTiff(file: Buffer, header: ImageHeader, opener: Opener): Promise<Source> {
  const directory = readDirectory(file);
  const { one } = directory;
  if (holdsRaw(file, directory)) throw raw();
  const jpeg = oldJpegStream(file, directory);
  if (jpeg) {
    const embedded = opener.header(jpeg);
    return { ...(await openJpeg(jpeg, embedded, opener)), orientation: header.orientation, embedded };
  }
  const share = { readableShare: presentShare(file, directory) };
  const photometric = one(tiffTags.photometric);
  const bits = one(tiffTags.bits) ?? 1;
  if (photometric === photometrics.lab && bits === 8) {
    const source = await openPlain(asRgb(file, directory), header, opener, strict);
    return { ...source, ...share, read: converting('srgb', 'uchar', lab8) };
  }
  // libvips has libtiff convert those whose colours have fewer pixels.
  const isSubsampled = directory.all(tiffTags.subsampling).join() !== '1,1';
  if (
    photometric === photometrics.yCbCr &&
    one(tiffTags.compression) !== compressions.jpeg &&
    !isSubsampled
  ) {
    const source = await openPlain(asRgb(file, directory), header, opener, strict);
    return { ...source, ...share, read: converting('srgb', 'uchar', yCbCr) };
  }
  const format = one(tiffTags.sampleFormat) ?? sampleFormats.unsigned;
  // libvips would take the numbers for bytes on their way through a profile.
  const options = { ...strict, ignoreIcc: format === sampleFormats.float };
  const source = { ...(await openPlain(file, header, opener, options)), ...share };
  const samples = one(tiffTags.samples) ?? 1;
  if (format !== sampleFormats.unsigned || bits > 16)
    return { ...source, read: numbers(format, bits, samples) };
  if (photometric === photometrics.cmyk) {
    const { icc } = await source.pipeline().metadata();
    return { ...source, read: cmykReader(icc, bits, opener) };
  }
  return withoutExtraChannels(source, directory, opener);
}

/**
 * Numbers of another kind than bytes and words. As ImageMagick has it, the smallest signed number is black, and programs
 * that say signed bytes mean bytes.
 */
function numbers(format: number, bits: number, samples: number) {
  const isGrey = samples < 3;
  const space = isGrey ? 'b-w' : 'srgb';
  if (format === sampleFormats.float)
    return converting(isGrey ? 'b-w' : 'scrgb', 'float', scaled(255, isGrey));
  if (format === sampleFormats.signed && bits === 8) return converting(space, 'char', scaled(1, isGrey));
  const least = format === sampleFormats.signed ? -(2 ** (bits - 1)) : 0;
  return converting(space, 'float', scaled(255 / (2 ** bits - 1), isGrey, least));
}

function readDirectory(file: Buffer): TiffDirectory {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const little = view.getUint16(0) === 0x4949;
  const isBig = view.getUint16(2, little) === 43;
  const at = isBig ? Number(view.getBigUint64(8, little)) : view.getUint32(4, little);
  return directoryAt(view, at, { little, isBig });
}

function directoryAt(view: DataView, at: number, form: TiffForm): TiffDirectory {
  const { little, isBig } = form;
  const head = isBig ? 8 : 2;
  if (at + head > view.byteLength) throw corrupt('the TIFF has its directory behind its end');
  const count = isBig ? Number(view.getBigUint64(at, little)) : view.getUint16(at, little);
  const bytes = Math.min(count, imageLimits.maxTiffEntries) * (isBig ? 20 : 12);
  const end = Math.min(view.byteLength, at + head + bytes);
  const entries = new DataView(view.buffer, view.byteOffset + at + head, end - at - head);
  const all = (tag: number) => valuesOf(entries, tag, form, view) ?? [];
  return { entries, all, one: (tag) => all(tag)[0] };
}

/** A raw file may keep its picture in a sub-directory and show another one first. */
function holdsRaw(file: Buffer, { all }: TiffDirectory): boolean {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const little = view.getUint16(0) === 0x4949;
  const form = { little, isBig: view.getUint16(2, little) === 43 };
  return all(tiffTags.subDirectories)
    .slice(0, imageLimits.maxSubDirectories)
    .some((at) => at + 2 <= file.length && isCameraRaw(directoryAt(view, at, form).entries, form));
}

/** Old-style JPEG (TIFF 6.0, section 22) where the file holds a whole one. */
function oldJpegStream(file: Buffer, { one }: TiffDirectory): Buffer | undefined {
  if (one(tiffTags.compression) !== oldJpeg) return undefined;
  const from = one(tiffTags.jpegOffset) ?? one(tiffTags.stripOffsets) ?? 0;
  return file.readUInt16BE(Math.min(from, file.length - 2)) === 0xffd8 ? file.subarray(from) : undefined;
}

/** How much of the strips or tiles lies within the file. */
function presentShare(file: Buffer, { all }: TiffDirectory): number {
  const isTiled = all(tiffTags.tileOffsets).length > 0;
  const offsets = all(isTiled ? tiffTags.tileOffsets : tiffTags.stripOffsets);
  const bytes = all(isTiled ? tiffTags.tileBytes : tiffTags.stripBytes);
  const total = bytes.reduce((sum, each) => sum + each, 0);
  const present = offsets.reduce(
    (sum, offset, index) => sum + Math.max(0, Math.min(bytes[index] ?? 0, file.length - offset)),
    0,
  );
  return total === 0 ? 0 : present / total;
}

/** A copy that says RGB, so that libvips hands its numbers on as they are. */
function asRgb(file: Buffer, { entries }: TiffDirectory): Buffer {
  const copy = Buffer.from(file);
  const isLittle = file.readUInt16BE(0) === 0x4949;
  const isBig = file.readUInt16BE(2) === (isLittle ? 0x2b00 : 0x2b);
  for (let at = 0; at < entries.byteLength; at += isBig ? 20 : 12) {
    if (entries.getUint16(at, isLittle) !== tiffTags.photometric) continue;
    const valueAt = entries.byteOffset - file.byteOffset + at + (isBig ? 12 : 8);
    if (isLittle) copy.writeUInt16LE(photometrics.rgb, valueAt);
    else copy.writeUInt16BE(photometrics.rgb, valueAt);
  }
  return copy;
}
