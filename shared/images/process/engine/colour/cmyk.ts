import { rawTiff } from '../sources/raw-tiff.ts';
import { isProfileOf } from './profiled.ts';
import { readPicture, type Opener } from '../pipeline.ts';
import { convertSamples, readSamples, type Converter, type Depth, type PixelReader } from './samples.ts';

/** The numbers that stand for ink. */
export interface InkRange {
  readonly depth: Depth;
  /** All of it; none is 0. */
  readonly largest: number;
}

/**
 * Inks as Chromium shows them: it mixes black into the other three, and goes by the profile then (decision 064). Without a
 * profile of inks, they are what is missing from white.
 */
export function cmykReader(
  profile: Uint8Array | undefined,
  { depth, largest }: InkRange,
  opener: Opener,
): PixelReader {
  /** Red, green and blue of light that the inks leave, black included. */
  const light: Converter = (samples, from, out, to) => {
    const paper = 1 - samples[from + 3]! / largest;
    for (let ink = 0; ink < 3; ink++) out[to + ink] = 255 * (1 - samples[from + ink]! / largest) * paper;
  };
  return async (pipeline) => {
    const plain = convertSamples(await readSamples(pipeline, 'cmyk', depth), light);
    if (!isProfileOf('CMYK', profile)) return plain;
    const { width, height, data } = plain;
    const copyRow = (row: number, target: Uint8Array): void => {
      for (let at = 0, from = row * width * 3; at < target.length; at++) {
        target[at] = at % 4 < 3 ? 255 - data[from++]! : 0;
      }
    };
    const tiff = rawTiff({ width, height, channels: 4, bits: 8, isOfInks: true, copyRow }, profile);
    // Unlike its way with a profile otherwise, libvips does not draw the darkest ink out to the screen's black here.
    return readPicture(opener.file(tiff).pipelineColourspace('cmyk'));
  };
}
