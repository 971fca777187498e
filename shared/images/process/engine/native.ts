import sharp from 'sharp';
import { acceptedTypes } from '../ports.ts';
import { encodeAnimation } from './animation.ts';
import { nativeFormats } from './native-formats.ts';
import { nativeResizing } from './native-resize.ts';
import { makeSynchronousResize } from './synchronous-resize.ts';
import { makeOpener, readPicture, type NativeLimits } from './pipeline.ts';
import { makeJimp } from './jimp-class.ts';
import { OpaqueBitmap } from './opaque-bitmap.ts';
import { encodePixels, pixelsOf } from './native-encode.ts';
import { failing } from './failures.ts';
import { openImage } from './open-image.ts';
import { openSource } from './sources/open-source.ts';
import type { Engine, Picture, Size } from './port.ts';

const sameSize = (a: Size, b: Size): boolean => a.width === b.width && a.height === b.height;

/** sharp (libvips) under jimp's API. */
export function makeNativeEngine(limits: NativeLimits): Engine {
  const opener = makeOpener(limits);
  const toImage = makeJimp(
    nativeFormats(opener),
    nativeResizing(makeSynchronousResize(limits.timeoutSeconds)),
  );

  const scale = (picture: Picture, size: Size): Promise<Picture> =>
    sameSize(picture, size)
      ? Promise.resolve(picture)
      : readPicture(opener.pixels(picture).resize(size.width, size.height, { fit: 'fill' }));

  return {
    name: 'native',
    decodes: acceptedTypes,
    open: (file, header) => failing(async () => openImage(await openSource(file, header, opener))),
    scale,
    toImage: (picture) =>
      toImage(
        picture.channels === 3 ? new OpaqueBitmap(picture.data, picture.width, picture.height) : picture,
      ),
    encode: (image, encoding) => encodePixels(opener, pixelsOf(image.bitmap), encoding),
    encodeFrames: (frames, encoding) => encodeAnimation(opener, frames, encoding),
  };
}

/** Loaders that untrusted bytes may reach; libvips refuses the rest, whatever the bytes look like. */
const loaders = ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Tiff', 'Heif'];

/**
 * One thread for each picture, because workers are what fills the cores, and no cache: it would only keep the pixels of
 * people's images alive. Holds for the whole process.
 */
export function limitNative(): void {
  sharp.concurrency(1);
  sharp.cache(false);
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: loaders.map((loader) => `VipsForeignLoad${loader}`) });
}
