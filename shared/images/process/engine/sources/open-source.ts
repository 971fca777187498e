import type { ImageFile } from '../../file/image-file.ts';
import type { AcceptedType, ImageHeader } from '../../ports.ts';
import type { Opener } from '../pipeline.ts';
import { openAvif } from './avif-source.ts';
import { openBmp } from './bmp-source.ts';
import { openGif } from './gif-source.ts';
import { openJpeg } from './jpeg-source.ts';
import { openPng } from './png-source.ts';
import type { Source } from './source.ts';
import { openTiff } from './tiff-source.ts';
import { openWebp } from './webp-source.ts';

type Open = (file: ImageFile, header: ImageHeader, opener: Opener) => Promise<Source>;

const openers: Record<AcceptedType, Open> = {
  'image/jpeg': openJpeg,
  'image/png': openPng,
  'image/webp': openWebp,
  'image/gif': openGif,
  'image/bmp': openBmp,
  'image/tiff': openTiff,
  'image/avif': openAvif,
  // The decoders of these are WebAssembly of a megabyte and more: loaded when the first such image comes.
  'image/heic': async (...given) => (await import('./heic-source.ts')).openHeic(...given),
  'image/jxl': async (...given) => (await import('./jxl-source.ts')).openJxl(...given),
};

export const openSource: Open = (file, header, opener) => openers[header.contentType](file, header, opener);
