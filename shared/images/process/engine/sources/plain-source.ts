import type { SharpOptions } from 'sharp';
import type { ImageFile } from '../../file/image-file.ts';
import type { ImageHeader } from '../../ports.ts';
import { readerByProfile } from '../colour/profiled.ts';
import type { Opener } from '../pipeline.ts';
import type { Source } from './source.ts';

/** A file that its decoder takes as it is. */
export async function openPlain(
  { input }: ImageFile,
  header: Pick<ImageHeader, 'frames' | 'orientation'>,
  opener: Opener,
  options: SharpOptions,
): Promise<Source> {
  const pipeline = () => opener.file(input, options);
  const metadata = await pipeline().metadata();
  const animation = () => opener.file(input, { ...options, pages: -1 });
  const { width, height } = metadata;
  const { frames, orientation } = header;
  return { width, height, frames, orientation, pipeline, animation, read: readerByProfile(metadata) };
}
