import { DarkroomError } from '../../../platform/errors.ts';
import { corrupt } from './faults.ts';

/** What a format's parser finds; width and height as stored, before orientation. */
export interface Shape {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly orientation: number;
  /** The file stores it turned by 90° in a way that is not EXIF's (AVIF). */
  readonly turned?: boolean;
}

/** Throws once a picture is known to be nothing or too much; parsers ask as soon as they know a size. */
export type PixelCheck = (width: number, height: number, frames: number) => void;

export const pixelCheck =
  (maxPixels: number): PixelCheck =>
  (width, height, frames) => {
    if (width < 1 || height < 1) throw corrupt('its width or height is zero');
    const pixels = width * height * frames;
    if (pixels <= maxPixels) return;
    const what = frames > 1 ? `at least ${frames} frames of ${width}×${height}` : `${width}×${height}`;
    throw new DarkroomError(
      'image-too-many-pixels',
      `The image has ${what} pixels; ${maxPixels} are accepted. Scale it down and send it again.`,
      { details: { width, height, frames, maxPixels } },
    );
  };
