import { createJimp } from '@jimp/core';
import { defaultPlugins } from 'jimp';
import type { Image } from '../ports.ts';
import { carefulCover } from './cover.ts';

interface Bitmap {
  data: Buffer;
  width: number;
  height: number;
}

type Format = () => { mime: string; hasAlpha?: boolean; encode: unknown; decode: unknown };

/** A maker of jimp images with all of jimp's methods over the given codecs. */
export function makeJimp(formats: readonly Format[]): (bitmap: Bitmap) => Image {
  const Jimp = createJimp({
    formats: formats as Parameters<typeof createJimp>[0] extends { formats?: infer F }
      ? F & unknown[]
      : never,
    plugins: [...defaultPlugins, carefulCover] as typeof defaultPlugins,
  });
  return (bitmap) => new Jimp(bitmap);
}
