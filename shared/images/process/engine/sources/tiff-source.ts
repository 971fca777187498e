import { DarkroomError } from '../../../../platform/errors.ts';
import type { ImageFile } from '../../file/image-file.ts';
import { raw, unreadCompression, unreadNumbers } from '../../header/faults.ts';
import { isCameraRaw, tiffTags } from '../../header/tiff-directory.ts';
import { imageLimits } from '../../limits.ts';
import type { ImageHeader } from '../../ports.ts';
import { converting } from '../colour/samples.ts';
import { yCbCr } from '../colour/simple-spaces.ts';
import type { Opener } from '../pipeline.ts';
import { openJpeg } from './jpeg-source.ts';
import { openPlain } from './plain-source.ts';
import type { Source } from './source.ts';
import { convertedFirst, withoutExtraChannels } from './tiff-channels.ts';
import {
  isFloat,
  isGrey,
  isOddGrey,
  labReader,
  numbersOf,
  openInks,
  openNumbers,
  photometrics,
} from './tiff-numbers.ts';
import { readTiffDirectory, tiffDirectoryAt, tiffPicture, type TiffDirectory } from './tiff-picture.ts';

const compressions = { oldJpeg: 6, jpeg: 7 } as const;
const strict = { failOn: 'error' } as const;

/** TIFF in all its kinds; what libvips takes for another thing than it is goes a way of its own. */
export async function openTiff(file: ImageFile, header: ImageHeader, opener: Opener): Promise<Source> {
  const directory = readTiffDirectory(file);
  const { one } = directory;
  if (holdsRaw(file, directory)) throw raw();
  if (one(tiffTags.compression) === compressions.oldJpeg) {
    const [from, embedded] = wholeOldJpeg(file, directory, opener);
    const source = await openJpeg(file.keep([[from, file.size]]), embedded, opener);
    return { ...source, orientation: header.orientation, embedded };
  }
  const numbers = numbersOf(directory);
  const { photometric, isUsual } = numbers;
  // libvips would take the numbers for bytes on their way through a profile.
  const options = { ...strict, ignoreIcc: isFloat(numbers) };
  const open = async (as?: number) => ({
    ...(await openPlain(tiffPicture(file, directory, as), header, opener, options)),
    readableShare: presentShare(file, directory),
  });
  const { lab, rgb, cmyk } = photometrics;
  if (!isUsual && (photometric === lab || photometric === photometrics.yCbCr)) throw unreadNumbers();
  if (photometric === lab) {
    const read = labReader(numbers);
    const source = await open(numbers.bits === 8 ? rgb : undefined);
    return read ? convertedFirst(source, read, opener) : source;
  }
  // libvips has libtiff convert those whose colours have fewer pixels.
  const isSubsampled = directory.all(tiffTags.subsampling).join() !== '1,1';
  const isJpeg = one(tiffTags.compression) === compressions.jpeg;
  if (photometric === photometrics.yCbCr && !isJpeg && !isSubsampled)
    return { ...(await open(rgb)), read: converting('srgb', 'uchar', yCbCr) };
  const source = await open(isOddGrey(numbers) ? rgb : undefined);
  if (photometric === cmyk) return openInks(source, numbers, opener);
  if (!isUsual && (photometric === rgb || isGrey(numbers))) return openNumbers(source, numbers, opener);
  return withoutExtraChannels(source, directory, opener);
}

/** A raw file may keep its picture in a sub-directory and show another one first. */
function holdsRaw(file: ImageFile, { all, form }: TiffDirectory): boolean {
  return all(tiffTags.subDirectories)
    .slice(0, imageLimits.maxSubDirectories)
    .some((at) => at + 2 <= file.size && isCameraRaw(tiffDirectoryAt(file, at, form).entries, form));
}

/**
 * Old-style JPEG (TIFF 6.0, section 22) where the file holds a whole one. Where it holds tables, and data in strips or
 * tiles, libvips makes another picture of it.
 */
function wholeOldJpeg(file: ImageFile, directory: TiffDirectory, opener: Opener) {
  const { one } = directory;
  const from = one(tiffTags.jpegOffset) ?? one(tiffTags.stripOffsets) ?? 0;
  const pixels = (one(tiffTags.width) ?? 0) * (one(tiffTags.height) ?? 0);
  try {
    const read = (at: number, length: number) => file.read(from + at, length);
    const embedded = opener.header({ size: file.size - from, read });
    const isWhole = embedded.contentType === 'image/jpeg' && embedded.width * embedded.height >= pixels;
    if (isWhole && holdsStrips(from, directory)) return [from, embedded] as const;
  } catch (error) {
    if (error instanceof DarkroomError && error.code.startsWith('image-too-')) throw error;
    throw Object.assign(unreadCompression(), { cause: error });
  }
  throw unreadCompression();
}

/** Where there are several, each is a stream of its own unless all lie within the one that the directory names. */
function holdsStrips(from: number, { one, all }: TiffDirectory): boolean {
  const offsets = all(tiffTags.stripOffsets);
  const end = from + (one(tiffTags.jpegBytes) ?? 0);
  return offsets.length <= 1 || offsets.every((offset) => offset >= from && offset < end);
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
