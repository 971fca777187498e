import type { ImageFile } from '../../file/image-file.ts';
import { raw } from '../../header/faults.ts';
import { isCameraRaw, tiffTags } from '../../header/tiff-directory.ts';
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
import { readTiffDirectory, tiffDirectoryAt, tiffPicture, type TiffDirectory } from './tiff-picture.ts';

const oldJpeg = 6;
const photometrics = { rgb: 2, cmyk: 5, yCbCr: 6, lab: 8 } as const;
const compressions = { jpeg: 7 } as const;
const sampleFormats = { unsigned: 1, signed: 2, float: 3 } as const;
const strict = { failOn: 'error' } as const;

/** TIFF in all its kinds; what libvips takes for another thing than it is goes a way of its own. */
export async function openTiff(file: ImageFile, header: ImageHeader, opener: Opener): Promise<Source> {
  const directory = readTiffDirectory(file);
  const { one } = directory;
  if (holdsRaw(file, directory)) throw raw();
  const from = oldJpegAt(file, directory);
  if (from !== undefined) {
    const jpeg = file.keep([[from, file.size]]);
    const embedded = opener.header(jpeg);
    return { ...(await openJpeg(jpeg, embedded, opener)), orientation: header.orientation, embedded };
  }
  const share = { readableShare: presentShare(file, directory) };
  const photometric = one(tiffTags.photometric);
  const bits = one(tiffTags.bits) ?? 1;
  const format = one(tiffTags.sampleFormat) ?? sampleFormats.unsigned;
  // libvips would take the numbers for bytes on their way through a profile.
  const options = { ...strict, ignoreIcc: format === sampleFormats.float };
  const open = async (as?: number) => ({
    ...(await openPlain(tiffPicture(file, directory, as), header, opener, options)),
    ...share,
  });
  if (photometric === photometrics.lab && bits === 8)
    return { ...(await open(photometrics.rgb)), read: converting('srgb', 'uchar', lab8) };
  // libvips has libtiff convert those whose colours have fewer pixels.
  const isSubsampled = directory.all(tiffTags.subsampling).join() !== '1,1';
  const isJpeg = one(tiffTags.compression) === compressions.jpeg;
  if (photometric === photometrics.yCbCr && !isJpeg && !isSubsampled)
    return { ...(await open(photometrics.rgb)), read: converting('srgb', 'uchar', yCbCr) };
  const source = await open();
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

/** A raw file may keep its picture in a sub-directory and show another one first. */
function holdsRaw(file: ImageFile, { all, form }: TiffDirectory): boolean {
  return all(tiffTags.subDirectories)
    .slice(0, imageLimits.maxSubDirectories)
    .some((at) => at + 2 <= file.size && isCameraRaw(tiffDirectoryAt(file, at, form).entries, form));
}

/** Where old-style JPEG (TIFF 6.0, section 22) begins, where the file holds a whole one. */
function oldJpegAt(file: ImageFile, { one }: TiffDirectory): number | undefined {
  if (one(tiffTags.compression) !== oldJpeg) return undefined;
  const from = one(tiffTags.jpegOffset) ?? one(tiffTags.stripOffsets) ?? 0;
  return file.read(Math.min(from, file.size - 2), 2).readUInt16BE() === 0xffd8 ? from : undefined;
}

/** How much of the strips or tiles lies within the file. */
function presentShare({ size }: ImageFile, { all }: TiffDirectory): number {
  const isTiled = all(tiffTags.tileOffsets).length > 0;
  const offsets = all(isTiled ? tiffTags.tileOffsets : tiffTags.stripOffsets);
  const bytes = all(isTiled ? tiffTags.tileBytes : tiffTags.stripBytes);
  const total = bytes.reduce((sum, each) => sum + each, 0);
  const present = offsets.reduce(
    (sum, offset, index) => sum + Math.max(0, Math.min(bytes[index] ?? 0, size - offset)),
    0,
  );
  return total === 0 ? 0 : present / total;
}
