import type { LakeEraser, LakeImage } from '../images/erase/lake-eraser.ts';
import { LakeConflict, type LakeStore } from './store/port.ts';
import { writePartition } from './partition-file.ts';
import { partitionPath, utcDay } from './partitions.ts';
import { imageIdsOf, rewriteWithout } from './rewrite-images.ts';
import { tableOf } from './schema.ts';

const table = tableOf('fact_images');

/** Exports are what it may meet, and each of them it meets once. */
const maxAttempts = 20;

type Counts = ReadonlyMap<string, number>;

/**
 * Leaves the partition with another etag in any case, made if need be: an export lists the files, then reads the
 * database, then writes on the condition that the file is still the one listed. So none that read these rows can write.
 */
async function eraseOnce(store: LakeStore, path: string, ids: ReadonlySet<string>): Promise<Counts> {
  const file = await store.find(path);
  if (file === undefined) {
    await writePartition(store, table, path, undefined).commit();
    return new Map();
  }
  const counts = new Map([...(await imageIdsOf(store, file))].filter(([id]) => ids.has(id)));
  if (counts.size === 0) await store.touch(file);
  else await rewriteWithout(store, file, ids);
  return counts;
}

async function eraseFrom(store: LakeStore, path: string, ids: ReadonlySet<string>): Promise<Counts> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await eraseOnce(store, path, ids);
    } catch (error) {
      if (!(error instanceof LakeConflict) || attempt === maxAttempts) throw error;
    }
  }
}

export function makeLakeEraser(store: LakeStore): LakeEraser {
  return {
    async eraseImages(images) {
      const erased = new Map<string, number>();
      const byPath = Map.groupBy(images, ({ uploadedAt }: LakeImage) =>
        partitionPath('fact_images', utcDay(uploadedAt)),
      );
      for (const [path, those] of byPath) {
        const ids = new Set(those.map(({ imageId }) => imageId.toLowerCase()));
        for (const [id, rows] of await eraseFrom(store, path, ids)) erased.set(id, rows);
      }
      return erased;
    },
  };
}
