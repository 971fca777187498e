import sharp, { type Sharp, type SharpOptions } from 'sharp';
import type { ImageFile } from '../file/image-file.ts';
import { inspect } from '../inspect.ts';
import type { ImageHeader } from '../ports.ts';
import { isOpaque } from './opaque-bitmap.ts';
import type { Picture } from './port.ts';

export type Pipeline = Sharp;

export interface NativeLimits {
  readonly maxPixels: number;
  /** What one native operation may take. */
  readonly timeoutSeconds: number;
}

/** Opens sharp pipelines under the limits. */
export interface Opener {
  /** Of a file that lies in another. */
  header(file: Pick<ImageFile, 'size' | 'read'>): ImageHeader;
  file(input: ImageFile['input'], options?: SharpOptions): Pipeline;
  pixels(picture: Picture, pageHeight?: number): Pipeline;
}

export const makeOpener = (limits: NativeLimits): Opener => ({
  header: (file) => inspect(file, limits),
  file: (input, options = {}) =>
    sharp(input, {
      limitInputPixels: limits.maxPixels,
      sequentialRead: true,
      ...options,
    }).timeout({ seconds: limits.timeoutSeconds }),
  pixels: ({ data, width, height, channels }, pageHeight) =>
    sharp(data, {
      raw: { width, height, channels, ...(pageHeight === undefined ? {} : { pageHeight }) },
      limitInputPixels: limits.maxPixels,
    }).timeout({ seconds: limits.timeoutSeconds }),
});

/**
 * The bytes at the end of a pipeline, in memory that can be handed to another thread. Copied, because sharp 0.35.5 never
 * frees what `toUint8Array` answers: 50 MB for a thousand small photos.
 */
export async function ownBytesOf(pipeline: Pipeline): Promise<Buffer<ArrayBuffer>> {
  const data = await pipeline.toBuffer();
  const own = Buffer.allocUnsafeSlow(data.length);
  data.copy(own);
  return own;
}

/** Rounds without a warning after which none is left. */
const silentRounds = 3;

/**
 * The warnings of libvips that nobody has heard yet. sharp hands them to whichever pipeline of the process ends, up to the
 * first one without text: the rest would be taken for those of another image.
 */
export async function unheardWarnings(): Promise<string[]> {
  const found: string[] = [];
  const nothing = { width: 1, height: 1, channels: 3, background: 'black' } as const;
  for (let silent = 0; silent < silentRounds;) {
    const before = found.length;
    const pipeline = sharp({ create: nothing }).raw();
    await pipeline.on('warning', (warning: string) => found.push(warning)).toBuffer();
    silent = found.length === before ? silent + 1 : 0;
  }
  return found;
}

/** The pixels at the end of a pipeline: 8-bit sRGB, with alpha only where it says something. */
export async function readPicture(pipeline: Pipeline): Promise<Picture> {
  const { data, info } = await pipeline.toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  if (channels === 3) return { width, height, channels, data };
  if (channels === 4) return withoutIdleAlpha({ width, height, channels, data });
  throw new Error(`the image has ${channels} channels after conversion to sRGB`);
}

/**
 * Drops an alpha channel that is opaque throughout: scaling without one takes a quarter of the time. The pixels move
 * together where they are, so that a large picture is not there twice.
 */
export function withoutIdleAlpha(picture: Picture): Picture {
  const { width, height, channels, data } = picture;
  if (channels === 3 || !isOpaque(data)) return picture;
  const bytes = width * height * 3;
  for (let from = 0, to = 0; to < bytes; from += 4, to += 3) {
    data[to] = data[from]!;
    data[to + 1] = data[from + 1]!;
    data[to + 2] = data[from + 2]!;
  }
  return { width, height, channels: 3, data: data.subarray(0, bytes) };
}
