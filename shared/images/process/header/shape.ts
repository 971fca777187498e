import { DarkroomError } from '../../../platform/errors.ts';
import { imageLimits } from '../limits.ts';
import { corrupt } from './faults.ts';

/** What a format's parser finds; width and height as stored, before orientation. */
export interface Shape {
  readonly width: number;
  readonly height: number;
  /** 1 for a still image. */
  readonly frames?: number;
  readonly orientation?: number;
  /** The file stores it turned by 90° in a way that is not EXIF's (AVIF, HEIC). */
  readonly turned?: boolean;
  /** The whole picture is held at full size: progressive JPEG, interlaced PNG, lossless JPEG XL, TIFF in L*a*b* or with channels beside its colours. */
  readonly interlaced?: boolean;
  /** The file ends in a frame behind the first. */
  readonly isCut?: boolean;
  /** The first frame may have to be laid onto a larger canvas, where it is decoded. */
  readonly isPlaced?: boolean;
  /** Bytes of a decoded pixel, fractions where chroma has fewer pixels. */
  readonly bytesPerPixel?: number;
  /** Of colour and besides, where it is they that cost and not their bytes (JPEG XL). */
  readonly channels?: number;
  /** Its colours are multiplied with alpha, and its decoder leaves them so. */
  readonly isPremultiplied?: boolean;
}

/** Throws once a picture is known to be nothing or too much; parsers ask as soon as they know a size. */
export type SizeCheck = (width: number, height: number) => void;

export const sizeCheck =
  (maxPixels: number): SizeCheck =>
  (width, height) => {
    if (width < 1 || height < 1) throw corrupt('its width or height is zero');
    const { maxSide } = imageLimits;
    if (Math.max(width, height) > maxSide) {
      throw tooMany(`one side may have ${maxSide}`, { width, height, maxSide });
    }
    if (width * height > maxPixels) throw tooMany(`${maxPixels} are accepted`, { width, height, maxPixels });
  };

function tooMany(limit: string, details: { width: number; height: number; [limit: string]: number }) {
  return new DarkroomError(
    'image-too-many-pixels',
    `The image has ${details.width}×${details.height} pixels; ${limit}. Scale it down and send it again.`,
    { details },
  );
}
