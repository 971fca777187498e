import type { ImageFile } from '../file/image-file.ts';
import type { AcceptedType, Encoding, Frame, Image, ImageHeader, Pixels, VariantType } from '../ports.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Upright sRGB pixels; three channels where every pixel is opaque, so that nobody pays for alpha that is not there. */
export interface Picture extends Size {
  readonly channels: 3 | 4;
  readonly data: Buffer;
}

export interface PictureFrame {
  readonly picture: Picture;
  readonly delayMs: number;
}

/** An image as its decoder sees it, upright: what the derivatives' sizes follow from. */
export interface OpenImage extends Size {
  readonly frames: number;
  /** What the header of the file says that is decoded, where it lies in another: decoding costs what that one costs. */
  readonly embedded?: ImageHeader | undefined;
  /** The first frame, scaled to `size` while it is decoded where the format allows that. */
  decode(size: Size): Promise<Decoded>;
  decodeFrames(size: Size): Promise<readonly PictureFrame[]>;
}

export interface Decoded {
  readonly picture: Picture;
  /** Part of the picture is missing or damaged, in a format that is made for it. */
  readonly isPartial: boolean;
}

export interface Encoded extends Size {
  readonly bytes: Uint8Array;
  readonly contentType: VariantType;
}

/**
 * Codecs and scaling under jimp's API. Failing bytes throw DarkroomError `image-corrupt`, `image-truncated` or
 * `unsupported-type`; work past the time it was given throws `processing-timeout`.
 */
export interface Engine {
  readonly name: 'native' | 'javascript';
  readonly decodes: readonly AcceptedType[];
  /** Reads as much as the decoder needs to tell its size. */
  open(file: ImageFile, header: ImageHeader): Promise<OpenImage>;
  scale(picture: Picture, size: Size): Promise<Picture>;
  /** The picture as a jimp image. It may take the picture's pixels: use a picture once, or copy it. */
  toImage(picture: Picture): Image;
  encode(image: Pixels, encoding: Encoding): Promise<Encoded>;
  encodeFrames(frames: readonly Frame<Pixels>[], encoding: Encoding): Promise<Encoded>;
}

export const defaultQuality = 80;
