import { inflateSync } from 'node:zlib';
import { tooComplex } from '../../header/faults.ts';
import { imageLimits } from '../../limits.ts';
import type { ImageHeader } from '../../ports.ts';
import { describedReader } from '../colour/described.ts';
import { pngColour } from '../colour/png-colour.ts';
import { turnedSize } from '../orientation.ts';
import { readPicture, type Opener } from '../pipeline.ts';
import { covers, onCanvas } from './canvas.ts';
import { pngChunks, signatureBytes } from './png-chunks.ts';
import { firstFrame } from './png-first-frame.ts';
import type { Source } from './source.ts';

/** What a picture is made of. Texts, times and private chunks stay out: a few kilobytes of them inflate to gigabytes. */
const pictureChunks = ['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND', 'iCCP', 'sBIT'];

export async function openPng(file: Buffer, header: ImageHeader, opener: Opener): Promise<Source> {
  const all = pngChunks(file);
  const first = firstFrame(all);
  const chunks = first?.chunks ?? all;
  const colour = pngColour(chunks);
  const kept = chunks.filter(
    ({ type, data }) => pictureChunks.includes(type) && (type !== 'iCCP' || (!colour && isProfile(data))),
  );
  const bytes = Buffer.concat([file.subarray(0, signatureBytes), ...kept.map(({ whole }) => whole)]);
  const pipeline = () => opener.file(bytes, { failOn: 'truncated' });
  const { width, height } = await pipeline().metadata();
  const read = colour && describedReader(colour);
  const { frames, orientation } = header;
  const canvas = turnedSize(orientation, header);
  if (!first || covers(first.place, canvas)) return { width, height, frames, orientation, pipeline, read };
  const placed = onCanvas(await (read ?? readPicture)(pipeline()), first.place, canvas);
  return { ...canvas, frames, orientation, pipeline: () => opener.pixels(placed) };
}

/** Throws on one that inflates to more than a profile has; one that does not inflate is passed over, as in browsers. */
function isProfile(data: Buffer): boolean {
  try {
    inflateSync(data.subarray(data.indexOf(0) + 2), { maxOutputLength: imageLimits.maxProfileBytes });
    return true;
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_BUFFER_TOO_LARGE') return false;
    throw tooComplex('bytes of colour profile', imageLimits.maxProfileBytes);
  }
}
