import { unreadNumbers } from '../../header/faults.ts';
import { hasAlphaBehind, tiffTags } from '../../header/tiff-directory.ts';
import { cmykReader, type InkRange } from '../colour/cmyk.ts';
import { isProfileOf, profiledReader } from '../colour/profiled.ts';
import { converting, type PixelReader } from '../colour/samples.ts';
import { lab16, lab8, scaled, withAlpha } from '../colour/simple-spaces.ts';
import type { Opener } from '../pipeline.ts';
import type { Source } from './source.ts';
import { convertedFirst } from './tiff-channels.ts';
import type { TiffDirectory } from './tiff-picture.ts';

export const photometrics = { white: 0, black: 1, rgb: 2, cmyk: 5, yCbCr: 6, lab: 8 } as const;
const sampleFormats = { unsigned: 1, signed: 2, float: 3 } as const;

/** What the samples of a TIFF are. */
export interface Numbers {
  readonly photometric: number | undefined;
  readonly bits: number;
  readonly format: number;
  /** Alpha behind the colours, and nothing else. */
  readonly hasAlpha: boolean;
  /** Channels that are neither colour nor alpha. */
  readonly hasOthers: boolean;
  /** Bytes and words, as nearly all have. */
  readonly isUsual: boolean;
}

export function numbersOf({ one }: TiffDirectory): Numbers {
  const photometric = one(tiffTags.photometric);
  const bits = one(tiffTags.bits) ?? 1;
  const format = one(tiffTags.sampleFormat) ?? sampleFormats.unsigned;
  const colours = isGrey({ photometric }) ? 1 : photometric === photometrics.cmyk ? 4 : 3;
  const samples = one(tiffTags.samples) ?? 1;
  const hasAlpha = hasAlphaBehind(colours, one) && samples === colours + 1;
  return {
    ...{ photometric, bits, format, hasAlpha, hasOthers: samples > colours && !hasAlpha },
    isUsual: format === sampleFormats.unsigned && bits <= 16,
  };
}

export const isFloat = ({ format }: Numbers): boolean => format === sampleFormats.float;
export const isGrey = ({ photometric }: Pick<Numbers, 'photometric'>): boolean =>
  photometric === photometrics.white || photometric === photometrics.black;

/**
 * Numbers of another kind than bytes and words, grey or in red, green and blue. As ImageMagick has it, the smallest signed
 * number is black, programs that say signed bytes mean bytes, and floating point numbers are sRGB unless a profile says more.
 */
export async function openNumbers(source: Source, numbers: Numbers, opener: Opener): Promise<Source> {
  const { photometric, format, hasAlpha, hasOthers } = numbers;
  const grey = isGrey(numbers);
  const greySpace = isOddGrey(numbers) ? 'multiband' : 'b-w';
  const [least, most] = limits(numbers);
  // libvips turns what has no sign the right way itself.
  const isNegative = photometric === photometrics.white && format !== sampleFormats.unsigned;
  const [black, white] = isNegative ? [most, least] : [least, most];
  const reader = async (): Promise<PixelReader> => {
    if (!isFloat(numbers)) {
      const depth = isSignedByte(numbers) ? 'char' : 'float';
      return converting(grey ? greySpace : 'srgb', depth, scaled({ black, white, isGrey: grey }));
    }
    const space = grey ? greySpace : 'scrgb';
    const { icc } = await source.pipeline().metadata();
    if (isProfileOf(grey ? 'GRAY' : 'RGB ', icc))
      return profiledReader(space, grey ? 1 : hasAlpha ? 4 : 3, icc, opener);
    return converting(space, 'float', scaled({ black, white, isGrey: grey, hasAlpha }), hasAlpha);
  };
  const read = await reader();
  return hasOthers ? convertedFirst(source, read, opener) : { ...source, read };
}

/** libvips takes any grey of 16 bits for words, unless the file says that it is something else. */
export const isOddGrey = (numbers: Numbers): boolean =>
  isGrey(numbers) && !numbers.isUsual && numbers.bits === 16;

const isSignedByte = ({ format, bits }: Numbers) => format === sampleFormats.signed && bits === 8;

function limits(numbers: Numbers): readonly [least: number, most: number] {
  if (isFloat(numbers)) return [0, 1];
  const { bits, format } = numbers;
  const isSigned = format === sampleFormats.signed && !isSignedByte(numbers);
  return isSigned ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1];
}

export async function openInks(source: Source, numbers: Numbers, opener: Opener): Promise<Source> {
  const { icc } = await source.pipeline().metadata();
  return { ...source, read: cmykReader(icc, inkRange(numbers), opener) };
}

function inkRange({ format, bits }: Numbers): InkRange {
  if (format === sampleFormats.float) return { depth: 'float', largest: 1 };
  const depth = ({ 8: 'uchar', 16: 'ushort', 32: 'uint' } as const)[bits];
  if (format !== sampleFormats.unsigned || depth === undefined) throw unreadNumbers();
  return { depth, largest: 2 ** bits - 1 };
}

/** L*a*b* as it has to be read; undefined where libvips does it right. */
export function labReader({ bits, hasAlpha }: Numbers): PixelReader | undefined {
  if (bits === 8) return converting('srgb', 'uchar', hasAlpha ? withAlpha(lab8, 255) : lab8, hasAlpha);
  return hasAlpha ? converting('labs', 'short', withAlpha(lab16, 65_535), true) : undefined;
}
