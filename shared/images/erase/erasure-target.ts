export interface ErasureTarget {
  readonly imageId: string;
  readonly uploadedAt: Date;
  readonly deleteAt: Date;
  /** Of the original, where a row tells. */
  readonly bytes?: number | null;
}
