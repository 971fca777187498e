import { isAlpha, tiffTags } from '../../header/tiff-directory.ts';
import { readSamples } from '../colour/samples.ts';
import type { Opener } from '../pipeline.ts';
import type { Source } from './source.ts';
import type { TiffDirectory } from './tiff-picture.ts';

const greyPhotometrics = [0, 1];

/**
 * Samples beyond the colours are alpha only where the file says so (ExtraSamples); libvips takes the last one for alpha
 * in any case. Masks, spot colours and depth are left out.
 */
export async function withoutExtraChannels(
  source: Source,
  { one }: TiffDirectory,
  opener: Opener,
): Promise<Source> {
  const photometric = one(tiffTags.photometric) ?? 0;
  const colours = greyPhotometrics.includes(photometric) ? 1 : 3;
  const samples = one(tiffTags.samples) ?? 1;
  const isPalette = photometric === 3;
  if (isPalette || samples <= colours) return source;
  const hasAlpha = isAlpha(one(tiffTags.extraSamples));
  if (hasAlpha && samples === colours + 1) return source;
  const { width, height, channels, data } = await readSamples(source.pipeline(), 'srgb', 'uchar');
  const kept: 3 | 4 = hasAlpha ? 4 : 3;
  const pixels = Buffer.allocUnsafeSlow(width * height * kept);
  for (let from = 0, to = 0; to < pixels.length; from += channels, to += kept) {
    for (let channel = 0; channel < kept; channel++) pixels[to + channel] = data[from + channel]!;
  }
  const picture = { width, height, channels: kept, data: pixels };
  return { ...source, pipeline: () => opener.pixels(picture) };
}
