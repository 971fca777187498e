import type { LakeEraser, LakeImage } from '../../shared/images/erase/lake-eraser.ts';

/** A lake that has `rows` rows of each image, and tells of each erasure as it happens. */
export function recordingLake(rows: number, meets: (images: readonly LakeImage[]) => Promise<unknown>) {
  let erased = 0;
  const lake: LakeEraser = {
    async eraseImages(images) {
      await meets(images);
      erased += 1;
      return new Map(erased === 1 ? images.map(({ imageId }) => [imageId, rows]) : []);
    },
  };
  return lake;
}
