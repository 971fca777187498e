/** What an erasure asks of the lake: image rows leave it with the image, daily totals stay. */
export interface LakeEraser {
  /** Removes every row of these images, and answers how many rows each had; those without any may be left out. */
  eraseImages(imageIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
}
