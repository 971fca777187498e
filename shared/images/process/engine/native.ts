import sharp from 'sharp';
import type { ImageHeader } from '../ports.ts';
import { encodeAnimation } from './animation.ts';
import { decodeBmp } from './bmp.ts';
import { nativeFormats } from './native-formats.ts';
import { nativeResizing } from './native-resize.ts';
import { makeSynchronousResize } from './synchronous-resize.ts';
import { makeOpener, readPicture, withoutIdleAlpha, type NativeLimits, type Pipeline } from './pipeline.ts';
import { makeJimp } from './jimp-class.ts';
import { OpaqueBitmap } from './opaque-bitmap.ts';
import { encodePixels, pixelsOf } from './native-encode.ts';
import { decodingFailure } from './failures.ts';
import type { Engine, Picture, Size } from './port.ts';

const sameSize = (a: Size, b: Size): boolean => a.width === b.width && a.height === b.height;

const scaledTo = (size: Size, header: ImageHeader, input: Pipeline): Pipeline =>
  sameSize(header, size) ? input : input.resize(size.width, size.height, { fit: 'fill' });

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

  const decode = (bytes: Uint8Array, header: ImageHeader, size: Size): Promise<Picture> =>
    header.contentType === 'image/bmp'
      ? scale(withoutIdleAlpha(decodeBmp(bytes)), size)
      : readPicture(scaledTo(size, header, opener.file(bytes, { autoOrient: true })));

  return {
    name: 'native',
    decodes: ['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/bmp', 'image/tiff', 'image/avif'],
    decode: (bytes, header, size) => failing(() => decode(bytes, header, size)),
    decodeFrames: (bytes, header, size) =>
      failing(async () => {
        if (header.frames === 1) return [{ picture: await decode(bytes, header, size), delayMs: 0 }];
        const animation = opener.file(bytes, { pages: -1 });
        const { delay = [] } = await animation.metadata();
        const tower = await readPicture(scaledTo(size, header, animation));
        return slices(tower, size.height).map((picture, index) => ({
          picture,
          delayMs: delay[index] ?? 100,
        }));
      }),
    scale,
    toImage: (picture) =>
      toImage(
        picture.channels === 3 ? new OpaqueBitmap(picture.data, picture.width, picture.height) : picture,
      ),
    encode: (image, encoding) => encodePixels(opener, pixelsOf(image.bitmap), encoding),
    encodeFrames: (frames, encoding) => encodeAnimation(opener, frames, encoding),
  };
}

async function failing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw decodingFailure(error);
  }
}

/** libvips stacks the frames of an animation on top of each other. */
function slices(tower: Picture, height: number): Picture[] {
  const bytes = tower.width * height * tower.channels;
  return Array.from({ length: Math.round(tower.height / height) }, (_, index) => ({
    width: tower.width,
    height,
    channels: tower.channels,
    data: tower.data.subarray(index * bytes, (index + 1) * bytes),
  }));
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
