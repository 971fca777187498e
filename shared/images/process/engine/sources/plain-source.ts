import type { SharpOptions } from 'sharp';
import type { ImageFile } from '../../file/image-file.ts';
import type { ImageHeader } from '../../ports.ts';
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
  const { width, height } = await pipeline().metadata();
  const animation = () => opener.file(input, { ...options, pages: -1 });
  return { width, height, frames: header.frames, orientation: header.orientation, pipeline, animation };
}
