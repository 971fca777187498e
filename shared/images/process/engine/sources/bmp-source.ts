import { corrupt, tooComplex } from '../../header/faults.ts';
import type { ImageFile } from '../../file/image-file.ts';
import { imageLimits } from '../../limits.ts';
import type { ImageHeader } from '../../ports.ts';
import { decodeBmp } from '../bmp.ts';
import { readBmpHeader } from '../bmp-header.ts';
import { isProfileOf, pictureByProfile } from '../colour/profiled.ts';
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
  const profile = profileIn(file);
  const read = isProfileOf('RGB ', profile) ? pictureByProfile(profile, opener) : undefined;
  return { width, height, frames: 1, orientation: 1, pipeline: () => opener.pixels(picture), read };
}

function profileIn(file: ImageFile): Uint8Array | undefined {
  const place = readBmpHeader(file).profile;
  if (!place || place.offset + place.bytes > file.size) return undefined;
  if (place.bytes > imageLimits.maxProfileBytes)
    throw tooComplex('bytes of colour profile', imageLimits.maxProfileBytes);
  return file.read(place.offset, place.bytes);
}
