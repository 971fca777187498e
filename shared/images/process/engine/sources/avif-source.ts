import type { ImageFile } from '../../file/image-file.ts';
import type { ImageHeader } from '../../ports.ts';
import { describedReader } from '../colour/described.ts';
import { heifColour } from '../colour/heif-colour.ts';
import type { Opener } from '../pipeline.ts';
import { openPlain } from './plain-source.ts';
import type { Source } from './source.ts';

/** libheif turns the picture itself and leaves gain maps out; colours that no profile describes are left to us. */
export async function openAvif(file: ImageFile, header: ImageHeader, opener: Opener): Promise<Source> {
  const source = await openPlain(asStill(file), { frames: 1, orientation: header.orientation }, opener, {
    failOn: 'truncated',
  });
  const colour = heifColour(file.read(0, file.size));
  return { ...source, read: colour ? describedReader(colour) : source.read };
}

/** Of an animation the picture that stands for it: libvips knows the brand of a still one only. */
const asStill = (file: ImageFile): ImageFile =>
  file.read(8, 4).toString('latin1') === 'avis' ? file.patched(8, Buffer.from('avif')) : file;
