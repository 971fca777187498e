import type { ImageHeader } from '../../ports.ts';
import { describedReader } from '../colour/described.ts';
import { heifColour } from '../colour/heif-colour.ts';
import type { Opener } from '../pipeline.ts';
import { openPlain } from './plain-source.ts';
import type { Source } from './source.ts';

/** libheif turns the picture itself and leaves gain maps out; colours that no profile describes are left to us. */
export async function openAvif(file: Buffer, header: ImageHeader, opener: Opener): Promise<Source> {
  const source = await openPlain(asStill(file), { frames: 1, orientation: header.orientation }, opener, {
    failOn: 'truncated',
  });
  const colour = heifColour(file);
  return { ...source, read: colour && describedReader(colour) };
}

/** Of an animation the picture that stands for it: libvips knows the brand of a still one only. */
function asStill(file: Buffer): Buffer {
  if (file.toString('latin1', 8, 12) !== 'avis') return file;
  const copy = Buffer.from(file);
  copy.write('avif', 8, 'latin1');
  return copy;
}
