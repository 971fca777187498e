import bmp from '@jimp/js-bmp';
import { asSharp, cutOutPixels, photoPixels } from './photos.ts';

export const formats = ['jpeg', 'png', 'webp', 'gif', 'bmp', 'tiff', 'avif'] as const;
export type SampleFormat = (typeof formats)[number];

/** A good file of each type that is accepted, made by code. */
export async function sampleImage(
  format: SampleFormat,
  width = 160,
  height = 120,
  seed = 1,
): Promise<Buffer> {
  const pixels = await photoPixels(width, height, seed);
  if (format === 'bmp') {
    const data = await asSharp(pixels).ensureAlpha().raw().toBuffer();
    return Buffer.from(bmp().encode({ data, width, height }));
  }
  return asSharp(pixels)[format]().toBuffer();
}

/** Frames of a disc that moves, with alpha. */
export async function animation(
  format: 'gif' | 'webp',
  frames: number,
  width = 80,
  height = 60,
): Promise<Buffer> {
  const pictures = await Promise.all(
    Array.from({ length: frames }, (_, index) => cutOutPixels(width, height, index + 1)),
  );
  const tower = Buffer.concat(pictures.map(({ data }) => data));
  const { default: sharp } = await import('sharp');
  const image = sharp(tower, {
    raw: { width, height: height * frames, channels: 4, pageHeight: height },
  });
  return image[format]({ delay: Array<number>(frames).fill(50) }).toBuffer();
}
