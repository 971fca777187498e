import type { JimpInstance } from 'jimp';
import type { DarkroomError } from '../../platform/errors.ts';
import type { ImageBytes } from './file/spool.ts';
import type { Fact, Variant } from '../store/ports.ts';

/** The image types that are accepted, by the names of their media types. */
export const acceptedTypes = [
  'image/jpeg',
  'image/png',
  'image/webp',
  'image/gif',
  'image/bmp',
  'image/tiff',
  'image/avif',
  'image/heic',
  'image/jxl',
] as const;
export type AcceptedType = (typeof acceptedTypes)[number];

/** What the header of a file says, read before any decoder sees the file. */
export interface ImageHeader {
  readonly contentType: AcceptedType;
  /** Pixels as displayed: orientation is already applied. */
  readonly width: number;
  readonly height: number;
  /** 1 for a still image. */
  readonly frames: number;
  /** As EXIF counts it, 1 to 8; 1 where the format has another way to turn a picture. */
  readonly orientation: number;
  /** The decoder has to hold the whole picture, at full size: progressive JPEG, interlaced PNG, lossless JPEG XL, a TIFF with channels beside its colours. */
  readonly isInterlaced: boolean;
  /** The file ends in a frame behind the first. */
  readonly isCut?: true;
  /** The first frame may have to be laid onto a larger canvas, with both at full size. */
  readonly isPlaced?: true;
  /** Bytes of a decoded pixel as the file has it. */
  readonly bytesPerPixel: number;
  /** Of colour and besides, where it is they that cost and not their bytes (JPEG XL). */
  readonly channels?: number;
  /** Its colours are multiplied with alpha, and its decoder leaves them so. */
  readonly isPremultiplied?: true;
}

/**
 * Reads a header from a stream, in bounded memory. `write` throws DarkroomError `unsupported-type`,
 * `raw-not-supported`, `unsupported-compression`, `image-corrupt`, `image-too-complex` or `image-too-many-pixels` as soon as that is certain; `end`
 * answers the header or throws `image-truncated`. Write every byte of the file to it: frames of an animation are counted to the end.
 */
export interface HeaderReader {
  write(chunk: Uint8Array): void;
  end(): ImageHeader;
  /** The type, once the first bytes told. */
  readonly contentType: AcceptedType | undefined;
}

export interface ProcessedImage {
  readonly header: ImageHeader;
  readonly variants: readonly Variant[];
  readonly facts: readonly Fact[];
  /** What it took, where that was asked for. */
  readonly times?: ProcessingTimes;
}

/** Milliseconds. */
export interface ProcessingTimes {
  /** Decoding, and scaling to the sizes that processors need. */
  readonly decoding: number;
  /** From when a processor begins to its last variant, by its name. */
  readonly processors: Readonly<Record<string, number>>;
}

export interface ProcessOptions {
  readonly signal?: AbortSignal;
  /** Ends the image with this reason where it takes longer, from when it has a worker; all of an image's time, if that is less, ends it first. */
  readonly giveUp?: { readonly afterMs: number; readonly reason: DarkroomError };
}

/** Runs every processor over one image, in a worker that time and memory limits can end. */
export interface Processing {
  /**
   * Throws DarkroomError `unsupported-type`, `image-corrupt`, `image-truncated`, `image-too-many-pixels`,
   * `processing-timeout`, `processing-memory`, `processing-crashed`, `processor-failed`; `storage-full` when the disk has no room for
   * the image; `unavailable` when it is closed, when no worker could be started and when one was ended from outside.
   */
  process(bytes: ImageBytes, options?: ProcessOptions): Promise<ProcessedImage>;
  /** Whether the disk has room for a small image now: then one that has none is too large for it. */
  hasRoom(): Promise<boolean>;
  /** How many images may usefully be given at once: one in each worker and one waiting for each. */
  readonly concurrency: number;
  /** What the processors make, for a reprocess to compare with. */
  readonly processors: readonly ProcessorDescription[];
  close(): Promise<void>;
}

export interface ProcessorDescription {
  readonly name: string;
  readonly version: string;
  readonly variants: readonly string[];
}

/** The jimp image a processor works on. */
export type Image = JimpInstance;

/** What is encoded: a jimp image, whatever chain of methods it comes out of. */
export interface Pixels {
  readonly bitmap: { readonly data: Buffer; readonly width: number; readonly height: number };
}

/** What a variant may be encoded as. */
export type VariantType = 'image/jpeg' | 'image/png' | 'image/webp' | 'image/gif' | 'image/avif';

export interface Encoding {
  /** Without it: JPEG where every pixel is opaque, WebP where not (alpha is kept on purpose). */
  readonly contentType?: VariantType;
  /** 1 to 100; 80 when not given. */
  readonly quality?: number;
}

/** One frame of an animation, and how long it stays. */
export interface Frame<T extends Pixels = Image> {
  readonly image: T;
  readonly delayMs: number;
}

export type Derivative = { readonly name: string } & (
  | ({ readonly image: Pixels } & Encoding)
  | ({ readonly frames: readonly Frame<Pixels>[] } & Encoding)
  | {
      readonly bytes: Uint8Array;
      readonly contentType: string;
      readonly width: number;
      readonly height: number;
    }
);

export interface ProcessorResult {
  readonly variants?: readonly Derivative[];
  readonly facts?: Readonly<Record<string, unknown>>;
}

/**
 * The largest size a processor needs, in pixels. It is given the image scaled down, never up, to fit `inside` the
 * box or to `cover` it: decoding fewer pixels is most of what makes processing fast.
 */
export interface Needs {
  readonly width: number;
  readonly height: number;
  readonly fit: 'inside' | 'cover';
}

/** The default export of a file in shared/images/process/processors/. See docs/processors.md. */
export interface Processor extends ProcessorDescription {
  readonly needs: Needs | 'full size';
  /** Wants `context.frames`; others get the first frame of an animation. */
  readonly animated?: boolean;
  /** The image is the processor's own: upright, sRGB, and free to be changed. */
  process(image: Image, context: ProcessorContext): ProcessorResult | Promise<ProcessorResult>;
}

export interface ProcessorContext {
  readonly header: ImageHeader;
  /** Every frame, for a processor that is `animated`; one frame otherwise. */
  readonly frames: readonly Frame[];
}
