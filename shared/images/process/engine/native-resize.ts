import { methods as stock } from '@jimp/plugin-resize';
import type { Image } from '../ports.ts';
import { pixelsOf } from './native-encode.ts';
import { OpaqueBitmap } from './opaque-bitmap.ts';
import type { Picture, Size } from './port.ts';

type ResizeOptions = Parameters<Image['resize']>[0];

/**
 * jimp's `resize`, `scale` and `scaleToFit` with native scaling under them. A strategy that is named is jimp's own:
 * a caller that asks for nearest neighbour means it.
 */
export function nativeResizing(resizeNow: (picture: Picture, size: Size) => Picture) {
  return {
    ...stock,
    resize(image: Image, options: ResizeOptions): Image {
      const size = sizeOf(image, options);
      if (size.width === image.bitmap.width && size.height === image.bitmap.height) return image;
      if (options.mode !== undefined) return stock.resize(image, options);
      const { width, height, channels, data } = resizeNow(pixelsOf(image.bitmap), size);
      image.bitmap = channels === 3 ? new OpaqueBitmap(data, width, height) : { data, width, height };
      return image;
    },
  };
}

/** As jimp does: the side that is not given follows the other, both are rounded, and none is zero. */
function sizeOf({ bitmap }: Image, options: ResizeOptions): Size {
  const { w, h } = options as { w?: number; h?: number };
  const width = w ?? (bitmap.width * (h ?? 0)) / bitmap.height;
  const height = h ?? (bitmap.height * width) / bitmap.width;
  if (!(width >= 0 && height >= 0)) throw new Error('w and h must be numbers that are not negative');
  return { width: Math.round(width) || 1, height: Math.round(height) || 1 };
}
