import { readerByProfile } from '../colour/profiled.ts';
import { describedReader } from '../colour/described.ts';
import { heifBits, heifColour, heifProfile } from '../colour/heif-colour.ts';
import type { ImageFile } from '../../file/image-file.ts';
import type { ImageHeader } from '../../ports.ts';
import type { Opener } from '../pipeline.ts';
import { openAvif } from './avif-source.ts';
import { decodeHeif } from './heic-decoder.ts';
import type { Source } from './source.ts';

/** libvips as it comes reads AV1 only; HEVC, which phones write, is read by libheif in WebAssembly. */
export async function openHeic(file: ImageFile, header: ImageHeader, opener: Opener): Promise<Source> {
  const bytes = file.read(0, file.size);
  if (bytes.includes('av01') && !bytes.includes('hvc1')) return openAvif(file, header, opener);
  const profile = heifProfile(bytes);
  const { width, height, bits, tiff } = await decodeHeif(bytes, heifBits(bytes), profile);
  const colour = heifColour(bytes);
  const pipeline = () => opener.file(tiff);
  const deep = bits > 8 && profile ? readerByProfile({ space: 'rgb16', icc: profile }) : undefined;
  const read = colour ? describedReader(colour) : deep;
  return { width, height, frames: 1, orientation: 1, pipeline, read };
}
