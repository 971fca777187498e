import { HorizontalAlign, VerticalAlign } from '@jimp/core';
import { methods as cropping } from '@jimp/plugin-crop';
import type { Image } from '../ports.ts';

/** Stock or native. */
export interface Resizing {
  resize(image: Image, options: Parameters<Image['resize']>[0]): Image;
}

type CoverOptions = Parameters<Image['cover']>[0];

/**
 * jimp's `cover`, cutting before it scales. jimp scales first, so that a picture of 20000×1 pixels is blown up to
 * 3200000×160 on its way to a square of 160.
 */
export const covering = (resizing: Resizing) => ({
  cover(image: Image, options: CoverOptions): Image {
    const { w, h, align = HorizontalAlign.CENTER | VerticalAlign.MIDDLE, mode } = options;
    const { width, height } = image.bitmap;
    const factor = Math.max(w / width, h / height);
    const cut = {
      w: Math.min(width, Math.max(1, Math.round(w / factor))),
      h: Math.min(height, Math.max(1, Math.round(h / factor))),
    };
    const right = share(align & 7);
    const down = share(align >> 3);
    cropping.crop(image, {
      x: Math.round((width - cut.w) * right),
      y: Math.round((height - cut.h) * down),
      ...cut,
    });
    if (cut.w === w && cut.h === h) return image;
    return resizing.resize(image, { w, h, ...(mode === undefined ? {} : { mode }) });
  },
});

/** jimp's alignment flags (1, 2, 4) as the share of the rest that is cut off in front. */
function share(flag: number): number {
  if (flag !== 1 && flag !== 2 && flag !== 4) throw new Error('only use one flag per alignment direction');
  return (flag >> 1) / 2;
}
