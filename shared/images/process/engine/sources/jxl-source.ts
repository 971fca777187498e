import { FileView } from '../../file/file-view.ts';
import type { ImageFile } from '../../file/image-file.ts';
import { inMemory } from '../../file/in-memory.ts';
import { truncated } from '../../header/faults.ts';
import { isWithoutStripes, jxlStripeRows } from '../../jxl-stripes.ts';
import type { ImageHeader } from '../../ports.ts';
import { describedReader } from '../colour/described.ts';
import { pngColour } from '../colour/png-colour.ts';
import { readerByProfile } from '../colour/profiled.ts';
import { readSamples, type PixelReader, type Samples } from '../colour/samples.ts';
import type { Opener } from '../pipeline.ts';
import { decodingJxl, type JxlDecoding } from './jxl-decoder.ts';
import { dataOf, pngChunks } from './png-chunks.ts';
import { emptyTiff, type Layout, type RawTiff } from './raw-tiff.ts';
import type { Source } from './source.ts';

/** jxl-oxide turns the picture, and leaves its colours as the file has them. */
export const openJxl = (file: ImageFile, header: ImageHeader, opener: Opener): Promise<Source> =>
  decodingJxl(file.read(0, file.size), async (decoding) => {
    const { width, height, frames, isWhole } = decoding;
    if (frames < 1) throw truncated();
    const { tiff, read } = await decoded(decoding, header, opener);
    const pipeline = () => opener.file(tiff);
    const partial = isWhole ? {} : { isPartial: () => true };
    return { width, height, frames, orientation: 1, pipeline, read, ...partial };
  });

/** The spaces of libvips that a PNG can have, by whether it is grey, and their depth. */
const depths = { 'b-w': 'uchar', grey16: 'ushort', srgb: 'uchar', rgb16: 'ushort' } as const;
const isDepth = (space: string): space is keyof typeof depths => space in depths;
const colourBytes = 32;

/** The pixels, taken from their decoder in stripes, so that it does not hold them all. */
async function decoded(
  { width, height, rows }: JxlDecoding,
  header: ImageHeader,
  opener: Opener,
): Promise<{ tiff: Buffer; read: PixelReader | undefined }> {
  const step = isWithoutStripes(header) ? height : jxlStripeRows(width);
  const first = await rows(0, Math.min(step, height));
  const { icc, space } = await opener.file(first).metadata();
  if (!isDepth(space)) throw new Error(`a PNG of ${space}`);
  const samplesOf = (png: Buffer) =>
    readSamples(opener.file(png, { ignoreIcc: true, failOn: 'truncated' }), space, depths[space]);
  let tiff: RawTiff | undefined;
  for (let top = 0, png = first; top < height; top += step) {
    if (top > 0) png = await rows(top, Math.min(step, height - top));
    const samples = await samplesOf(png);
    if (header.isPremultiplied === true) divideByAlpha(samples);
    const { data, channels } = samples;
    const bits = data.BYTES_PER_ELEMENT === 2 ? 16 : 8;
    tiff ??= emptyTiff({ width, height, channels: channels as Layout['channels'], bits }, icc);
    tiff.rows(top, samples.height).set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return { tiff: tiff!.file, read: readerOf(first, space, icc) };
}

function readerOf(png: Buffer, space: string, icc: Uint8Array | undefined): PixelReader | undefined {
  const view = new FileView(inMemory(png));
  const colour = pngColour((type) => dataOf(view, pngChunks(view), type, colourBytes));
  return colour ? describedReader(colour) : readerByProfile({ space, icc });
}

/** Alpha is the last channel. */
function divideByAlpha({ data, channels }: Samples): void {
  const largest = data.BYTES_PER_ELEMENT === 2 ? 65_535 : 255;
  for (let from = 0; from < data.length; from += channels) {
    const alpha = data[from + channels - 1]!;
    if (alpha === 0 || alpha === largest) continue;
    for (let at = from; at < from + channels - 1; at++) {
      data[at] = Math.min(largest, Math.round((data[at]! * largest) / alpha));
    }
  }
}
