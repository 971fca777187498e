import type { ImageSource } from '../../platform/image-origin.ts';

export interface ErasureTarget {
  readonly imageId: string;
  readonly uploadedAt: Date;
  readonly deleteAt: Date;
  /** Of the original, where a row tells. */
  readonly bytes?: number | null;
  readonly source?: ImageSource;
}
