import type { ImageHeader } from '../../ports.ts';
import { decodeBmp } from '../bmp.ts';
import { withoutIdleAlpha, type Opener } from '../pipeline.ts';
import { openJpeg } from './jpeg-source.ts';
import { openPng } from './png-source.ts';
import type { Source } from './source.ts';

export async function openBmp(file: Buffer, header: ImageHeader, opener: Opener): Promise<Source> {
  const decoded = decodeBmp(file);
  if ('type' in decoded) {
    const open = decoded.type === 'image/jpeg' ? openJpeg : openPng;
    return open(decoded.bytes, header, opener);
  }
  const picture = withoutIdleAlpha(decoded);
  const { width, height } = picture;
  return { width, height, frames: 1, orientation: 1, pipeline: () => opener.pixels(picture) };
}
