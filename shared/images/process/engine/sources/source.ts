import type { ImageHeader } from '../../ports.ts';
import type { PixelReader } from '../colour/samples.ts';
import type { Pipeline } from '../pipeline.ts';
import type { Size } from '../port.ts';

/** A file as its decoder sees it. Width and height are those of the stored pixels; orientation comes on top. */
export interface Source extends Size {
  readonly orientation: number;
  readonly frames: number;
  /** What the header of the file says that is decoded, where it lies in another. */
  readonly embedded?: ImageHeader;
  /** A new pipeline over the stored pixels. */
  pipeline(): Pipeline;
  /** The same, ending with an error at what the decoder only warns of: a warning may come too late, or not to this image. */
  strict?(): Pipeline;
  /** The same with all frames below each other, where the format has animations. */
  animation?(): Pipeline;
  /** For pixels that libvips does not convert to sRGB as browsers do. */
  readonly read?: PixelReader | undefined;
  /** How much of the pixels is in the file, 0 to 1, for a person who asks why it was refused. */
  readonly readableShare?: number;
  /**
   * Looks at what the decoder warned of: answers whether the picture lacks something that its format can lack, and throws
   * where it lacks more.
   */
  isPartial?(warnings: readonly string[]): Promise<boolean> | boolean;
}
