import { createJimp } from '@jimp/core';
import { defaultPlugins } from 'jimp';
import type { Image } from '../ports.ts';
import { covering, type Resizing } from './cover.ts';

interface Bitmap {
  data: Buffer;
  width: number;
  height: number;
}

type Format = () => { mime: string; hasAlpha?: boolean; encode: unknown; decode: unknown };

/** A maker of jimp images that have all of jimp's methods, over the given codecs and scaling. */
export function makeJimp(formats: readonly Format[], resizing: Resizing): (bitmap: Bitmap) => Image {
  const Jimp = createJimp({
    formats: formats as Parameters<typeof createJimp>[0] extends { formats?: infer F }
      ? F & unknown[]
      : never,
    plugins: [...defaultPlugins, { ...resizing }, covering(resizing)] as unknown as typeof defaultPlugins,
  });
  return (bitmap) => new Jimp(bitmap);
}
