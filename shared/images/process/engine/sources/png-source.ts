import { inflateSync } from 'node:zlib';
import { FileView } from '../../file/file-view.ts';
import type { ImageFile } from '../../file/image-file.ts';
import { tooComplex } from '../../header/faults.ts';
import { imageLimits } from '../../limits.ts';
import type { ImageHeader } from '../../ports.ts';
import { describedReader } from '../colour/described.ts';
import { isProfileOf, pictureByProfile, readerByProfile } from '../colour/profiled.ts';
import { pngColour } from '../colour/png-colour.ts';
import { turnedSize } from '../orientation.ts';
import { readPicture, type Opener } from '../pipeline.ts';
import { covers, onCanvas } from './canvas.ts';
import { dataOf, headBytes, pngChunks, signature, type PngChunk } from './png-chunks.ts';
import { firstFrame } from './png-first-frame.ts';
import type { Source } from './source.ts';

/** What a picture is made of. Texts, times and private chunks stay out: a few kilobytes of them inflate to gigabytes. */
const pictureChunks = ['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND', 'iCCP', 'sBIT'];

/** What these may have. One that has more is none, and decoders read it whole. */
const maxOf: Readonly<Record<string, number>> = { PLTE: 768, tRNS: 256, sBIT: 4 };
const colourBytes = 32;

export async function openPng(file: ImageFile, header: ImageHeader, opener: Opener): Promise<Source> {
  const view = new FileView(file);
  const all = pngChunks(view);
  const first = firstFrame(view, all);
  const chunks = first?.beside ?? all;
  const colour = pngColour((type) => dataOf(view, chunks, type, colourBytes));
  const profile = colour ? undefined : profileIn(view, chunks);
  const profileRange = chunks.find(({ type }) => type === 'iCCP')?.range;
  const isKept = ({ type, dataBytes, range }: PngChunk): boolean =>
    pictureChunks.includes(type) &&
    dataBytes <= (maxOf[type] ?? Infinity) &&
    (type !== 'iCCP' || (profile !== undefined && range === profileRange));
  const kept = chunks.filter(isKept).map(({ range }) => range);
  const { input } = file.keep(first ? first.still(kept) : [signature, ...kept]);
  const pipeline = () => opener.file(input, { failOn: 'truncated' });
  const metadata = await pipeline().metadata();
  const { width, height } = metadata;
  const isGrey = metadata.space === 'b-w' || metadata.space === 'grey16';
  // libpng drops the profile of a screen from a grey picture; browsers go by it.
  const read =
    isGrey && isProfileOf('RGB ', profile)
      ? pictureByProfile(profile, opener)
      : colour
        ? describedReader(colour)
        : readerByProfile(metadata);
  const { frames, orientation } = header;
  const canvas = turnedSize(orientation, header);
  if (!first || covers(first.place, canvas)) return { width, height, frames, orientation, pipeline, read };
  const placed = onCanvas(await (read ?? readPicture)(pipeline()), first.place, canvas);
  return { ...canvas, frames, orientation, pipeline: () => opener.pixels(placed) };
}

/** Throws on one that is or inflates to more than a profile has; one that does not inflate is passed over, as in browsers. */
function profileIn(view: FileView, chunks: readonly PngChunk[]): Uint8Array | undefined {
  const tooLong = () => tooComplex('bytes of colour profile', imageLimits.maxProfileBytes);
  const chunk = chunks.find(({ type }) => type === 'iCCP');
  if (!chunk) return undefined;
  if (chunk.dataBytes > imageLimits.maxProfileBytes) throw tooLong();
  const data = view.bytes(chunk.range[0] + headBytes, chunk.dataBytes);
  try {
    return inflateSync(data.subarray(data.indexOf(0) + 2), { maxOutputLength: imageLimits.maxProfileBytes });
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_BUFFER_TOO_LARGE') return undefined;
    throw tooLong();
  }
}
