import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../database/port.ts';
import { slices } from '../../platform/slices.ts';
import { imageDigest } from '../../platform/image-id.ts';
import type { ErasureStore, ImageBlobs } from '../store/erasure-store.ts';
import type { LakeEraser } from './lake-eraser.ts';
import type { CdnCache } from './cdn.ts';
import type { ErasureTarget } from './erasure-target.ts';
import { imageBlobs } from './image-blobs.ts';

/** Why: its time was up, somebody asked, or a sweep found what should not be there any more. As the ledger has it. */
export type ErasureKind = 'retention' | 'erasure' | 'sweep';

export interface EraseDependencies {
  readonly store: ErasureStore;
  readonly database: Database;
  readonly cdn: CdnCache;
  readonly clock: Clock;
  /** Without a lake there are no lake rows. */
  readonly lake?: LakeEraser | undefined;
}

export interface ErasureResult {
  /** Images that are gone and in the ledger. */
  readonly erased: number;
  readonly blobs: number;
  readonly bytes: number;
  /** Images that are still there, wholly or in part, and why; the next run takes them up again. */
  readonly failed: ReadonlyMap<string, unknown>;
}

export type Erase = (
  targets: readonly ErasureTarget[],
  kind: ErasureKind,
  actor: string,
) => Promise<ErasureResult>;

/** Rows and ledger entries in one transaction; the ledger is locked while it lasts. */
const batchSize = 200;

const entryOf = (
  target: ErasureTarget,
  kind: ErasureKind,
  gone: ImageBlobs,
  lakeRows: number,
  erasedAt: Date,
): Record<string, unknown> => ({
  imageId: target.imageId,
  kind,
  imageDigest: imageDigest(target.imageId),
  blobs: gone.blobs,
  bytes: gone.bytes,
  lakeRows,
  uploadedAt: target.uploadedAt.toISOString(),
  dueAt: target.deleteAt.toISOString(),
  erasedAt: erasedAt.toISOString(),
});

const none: ImageBlobs = { blobs: 0, bytes: 0 };

/**
 * Erases images everywhere: bytes, lake rows and cached copies first, then the row together with the ledger's entry, so
 * that an entry is written only of what is gone, and whatever stops in between leaves the row, which is taken up again.
 */
export function makeErase({ store, database, cdn, clock, lake }: EraseDependencies): Erase {
  async function eraseBatch(targets: readonly ErasureTarget[], kind: ErasureKind, actor: string) {
    // What is due goes by the rows, thousands at a time; for what somebody asked about, every store is looked through.
    const listed = kind === 'retention' ? await imageBlobs(database, targets) : undefined;
    const asked = targets.map(({ imageId }) => imageId);
    const { removed, failed } = await store.remove(asked, listed);
    const gone = targets.filter(({ imageId }) => !failed.has(imageId));
    const ids = gone.map(({ imageId }) => imageId);
    const lakeRows = (await lake?.eraseImages(gone)) ?? new Map<string, number>();
    await cdn.purge(ids.map((imageId) => `/api/images/${imageId}/*`));
    const erasedAt = clock.now();
    const entries = gone.map((target) => {
      const rows = lakeRows.get(target.imageId) ?? 0;
      return entryOf(target, kind, removed.get(target.imageId) ?? none, rows, erasedAt);
    });
    if (entries.length > 0) await database.execute('storage_writer', 'erase_images', { entries }, { actor });
    // An export that read the rows before they went may have written since; from here on none can.
    if (gone.length > 0) await lake?.eraseImages(gone);
    // Who was writing meanwhile had a row until now; from here on the ledger refuses them.
    const late = kind === 'retention' || ids.length === 0 ? undefined : await store.remove(ids);
    return { gone, removed, failed: new Map([...failed, ...(late?.failed ?? [])]) };
  }

  return async (targets, kind, actor) => {
    const failures = new Map<string, unknown>();
    let [erased, blobs, bytes] = [0, 0, 0];
    for (const batch of slices(targets, batchSize)) {
      const { gone, removed, failed } = await eraseBatch(batch, kind, actor);
      for (const [imageId, error] of failed) failures.set(imageId, error);
      for (const { imageId } of gone) {
        erased += 1;
        blobs += removed.get(imageId)?.blobs ?? 0;
        bytes += removed.get(imageId)?.bytes ?? 0;
      }
    }
    return { erased, blobs, bytes, failed: failures };
  };
}
