import { corrupt } from '../../header/faults.ts';
import type { ImageFile } from '../../file/image-file.ts';
import type { ImageHeader } from '../../ports.ts';
import { decodeBmp } from '../bmp.ts';
import { withoutIdleAlpha, type Opener } from '../pipeline.ts';
import { openJpeg } from './jpeg-source.ts';
import { openPng } from './png-source.ts';
import type { Source } from './source.ts';

export async function openBmp(file: ImageFile, header: ImageHeader, opener: Opener): Promise<Source> {
  const decoded = decodeBmp(file);
  if ('type' in decoded) {
    const embedded = opener.header(decoded.file);
    if (embedded.contentType !== decoded.type) throw corrupt('the BMP holds another file than it says');
    const open = decoded.type === 'image/jpeg' ? openJpeg : openPng;
    const source = await open(decoded.file, embedded, opener);
    return { ...source, frames: 1, orientation: header.orientation, embedded };
  }
  const picture = withoutIdleAlpha(decoded);
  const { width, height } = picture;
  return { width, height, frames: 1, orientation: 1, pipeline: () => opener.pixels(picture) };
}
