export interface LakeImage {
  readonly imageId: string;
  /** Its rows are in the partition of this moment's day, UTC. */
  readonly uploadedAt: Date;
}

/** What an erasure asks of the lake: image rows leave it with the image, daily totals stay. */
export interface LakeEraser {
  /**
   * Removes every row of these images and makes every export that has read them before fail. Answers how many rows each
   * had; those without any may be left out. To be called once more when the images have left the database: an export
   * that began in between may have brought them back, and from then on none can.
   */
  eraseImages(images: readonly LakeImage[]): Promise<ReadonlyMap<string, number>>;
}
