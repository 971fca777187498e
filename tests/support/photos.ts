import sharp, { type Sharp } from 'sharp';
import { seeded } from './random.ts';

export interface Raw {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
}

/** Sizes of detail, in cells across, and how strong each is: large shapes, edges, texture, grain. */
const octaves = [
  { cells: 3, strength: 0.4 },
  { cells: 9, strength: 0.25 },
  { cells: 40, strength: 0.18 },
  { cells: 220, strength: 0.1 },
  { cells: 900, strength: 0.07 },
] as const;

/** RGB pixels with a photo's mix of detail (1/f noise with a hard horizon), made by code from a seed. */
export async function photoPixels(width: number, height: number, seed = 1): Promise<Raw> {
  const sum = new Float32Array(width * height * 3);
  const horizon = Math.round(height * 0.6) * width * 3;
  for (let at = 0; at < sum.length; at++) sum[at] = at < horizon ? 30 + (at % 3) * 20 : -20;
  for (const [index, { cells, strength }] of octaves.entries()) {
    const layer = await noiseLayer(width, height, cells, seed + index);
    for (let at = 0; at < sum.length; at++) sum[at] = sum[at]! + layer[at]! * strength;
  }
  return { data: Buffer.from(new Uint8ClampedArray(sum).buffer), width, height, channels: 3 };
}

/** Random colours in a grid, drawn out smoothly to the size of the picture. */
async function noiseLayer(width: number, height: number, cells: number, seed: number): Promise<Buffer> {
  const random = seeded(seed * 7919);
  const across = Math.min(cells, width);
  const down = Math.max(1, Math.min(height, Math.round((across * height) / width)));
  const grid = Buffer.alloc(across * down * 3);
  for (let at = 0; at < grid.length; at++) grid[at] = Math.floor(random() * 256);
  return sharp(grid, { raw: { width: across, height: down, channels: 3 } })
    .resize(width, height, { fit: 'fill', kernel: 'cubic' })
    .raw()
    .toBuffer();
}

/** The same with a disc cut out, soft at its edge. */
export async function cutOutPixels(width: number, height: number, seed = 1): Promise<Raw> {
  const { data: rgb } = await photoPixels(width, height, seed);
  const data = Buffer.alloc(width * height * 4);
  const radius = Math.min(width, height) * 0.4;
  for (let pixel = 0, from = 0, to = 0; pixel < width * height; pixel++, from += 3, to += 4) {
    const distance = Math.hypot((pixel % width) - width / 2, Math.floor(pixel / width) - height / 2);
    data[to] = rgb[from]!;
    data[to + 1] = rgb[from + 1]!;
    data[to + 2] = rgb[from + 2]!;
    data[to + 3] = Math.max(0, Math.min(255, (radius - distance) * 16 + 128));
  }
  return { data, width, height, channels: 4 };
}

export const asSharp = ({ data, width, height, channels }: Raw): Sharp =>
  sharp(data, { raw: { width, height, channels } });

export const jpegPhoto = async (width: number, height: number, seed = 1): Promise<Buffer> =>
  asSharp(await photoPixels(width, height, seed))
    .jpeg({ quality: 85 })
    .toBuffer();

export const pngCutOut = async (width: number, height: number, seed = 1): Promise<Buffer> =>
  asSharp(await cutOutPixels(width, height, seed))
    .png()
    .toBuffer();
