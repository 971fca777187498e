import { hasAlphaBehind, tiffTags } from '../../header/tiff-directory.ts';
import { converting, type PixelReader } from '../colour/samples.ts';
import { withoutIdleAlpha, type Opener } from '../pipeline.ts';
import type { Source } from './source.ts';
import type { TiffDirectory } from './tiff-picture.ts';

const greyPhotometrics = [0, 1];

/**
 * Of samples beyond the colours libvips takes the last one for alpha in any case, also where the file says that it is none.
 * Masks, spot colours and depth are left out.
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
  const hasAlpha = hasAlphaBehind(colours, one);
  if (hasAlpha && samples === colours + 1) return source;
  const kept = hasAlpha ? 4 : 3;
  const copy = converting(
    'srgb',
    'uchar',
    (data, from, out, to) => {
      for (let channel = 0; channel < kept; channel++) out[to + channel] = data[from + channel]!;
    },
    hasAlpha,
  );
  const deep: PixelReader = (pipeline) => copy(pipeline.withIccProfile('srgb'));
  return convertedFirst(source, source.read ? deep : copy, opener);
}

/** For numbers that cannot be scaled: what is between two of them is no colour between theirs. */
export async function convertedFirst(source: Source, read: PixelReader, opener: Opener): Promise<Source> {
  const picture = withoutIdleAlpha(await read(source.pipeline()));
  return { ...source, read: undefined, pipeline: () => opener.pixels(picture) };
}
