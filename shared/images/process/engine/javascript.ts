import { methods as resizing } from '@jimp/plugin-resize';
import { defaultFormats, Jimp } from 'jimp';
import { DarkroomError } from '../../../platform/errors.ts';
import { inspect } from '../inspect.ts';
import type { Encoding, Image, ImageHeader, Pixels } from '../ports.ts';
import type { ImageFile } from '../file/image-file.ts';
import { decodeBmp } from './bmp.ts';
import { failing } from './failures.ts';
import { makeJimp } from './jimp-class.ts';
import { isOpaque } from './opaque-bitmap.ts';
import {
  defaultQuality,
  type Encoded,
  type Engine,
  type OpenImage,
  type Picture,
  type Size,
} from './port.ts';

const white = 0xffffffff;

/** jimp as it comes, all of it JavaScript: for platforms that sharp has no build for. No WebP, no AVIF, no ICC profiles. */
export function makeJavascriptEngine(limits: { maxPixels: number; memoryMb: number }): Engine {
  const toImage = makeJimp(defaultFormats, resizing);
  const decoderLimits = {
    'image/jpeg': {
      maxResolutionInMP: limits.maxPixels / 1e6,
      maxMemoryUsageInMB: limits.memoryMb,
      tolerantDecoding: true,
    },
  };

  const open = async (file: ImageFile, header: ImageHeader): Promise<OpenImage> => {
    const image = upright(await read(file, header), header);
    const decode = (size: Size) => Promise.resolve(scaleImage(image.clone(), size));
    return {
      ...{ width: image.bitmap.width, height: image.bitmap.height, frames: header.frames },
      decode: async (size) => ({ picture: await decode(size), isPartial: false }),
      // No animations here: a processor that asks for frames is given the first.
      decodeFrames: async (size) => [{ picture: await decode(size), delayMs: 0 }],
    };
  };

  const read = async (file: ImageFile, { contentType }: ImageHeader): Promise<Image> => {
    if (contentType === 'image/bmp') {
      const decoded = decodeBmp(file);
      if (!('type' in decoded)) return toImage(decoded);
      inspect(decoded.file, limits);
      return (await Jimp.fromBuffer(bytesOf(decoded.file), decoderLimits)) as unknown as Image;
    }
    return (await Jimp.fromBuffer(bytesOf(file), decoderLimits)) as unknown as Image;
  };

  return {
    name: 'javascript',
    decodes: ['image/jpeg', 'image/png', 'image/gif', 'image/bmp', 'image/tiff'],
    open: (file, header) => failing(() => open(file, header)),
    scale: (picture, size) =>
      Promise.resolve(scaleImage(toImage({ ...picture, data: Buffer.from(picture.data) }), size)),
    toImage,
    encode,
    encodeFrames: (frames, encoding) =>
      frames[0]
        ? encode(frames[0].image, encoding)
        : Promise.reject(new DarkroomError('processor-failed', 'An animation needs at least one frame.')),
  };
}

const bytesOf = (file: ImageFile): Buffer => file.read(0, file.size);

function scaleImage(image: Image, { width, height }: Size): Picture {
  const same = image.bitmap.width === width && image.bitmap.height === height;
  if (!same) image.resize({ w: width, h: height });
  return { width, height, channels: 4, data: image.bitmap.data };
}

/** jimp turns JPEGs by their EXIF; the other formats' orientation is left to us. */
function upright(image: Image, { contentType, orientation }: ImageHeader): Image {
  if (contentType === 'image/jpeg' || orientation === 1) return image;
  const degrees = { 3: 180, 4: 180, 5: 270, 6: 270, 7: 90, 8: 90 }[orientation] ?? 0;
  if (degrees > 0) image.rotate(degrees);
  if ([2, 4, 5, 7].includes(orientation)) image.flip({ horizontal: true, vertical: false });
  return image;
}

async function encode(
  { bitmap }: Pixels,
  { contentType, quality = defaultQuality }: Encoding,
): Promise<Encoded> {
  const { width, height, data } = bitmap;
  const wanted = contentType ?? (isOpaque(data) ? 'image/jpeg' : 'image/png');
  // What this engine cannot write, it writes in the nearest type that keeps every pixel.
  const type = wanted === 'image/webp' || wanted === 'image/avif' ? 'image/png' : wanted;
  const image = new Jimp({ width, height, data });
  image.background = white;
  const bytes =
    type === 'image/jpeg' ? await image.getBuffer(type, { quality }) : await image.getBuffer(type);
  return { bytes, contentType: type, width, height };
}
