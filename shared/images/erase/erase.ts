import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../database/port.ts';
import { imageDigest } from '../../platform/image-id.ts';
import { slices } from '../../platform/slices.ts';
import { containers, type Container } from '../../platform/blobs/containers.ts';
import type { ErasureStore, ImageBlob, Removal } from '../store/erasure-store.ts';
import type { CdnCache } from './cdn.ts';
import type { ErasureTarget } from './erasure-target.ts';
import { imageBlobs } from './image-blobs.ts';
import type { LakeEraser } from './lake-eraser.ts';
import { commitmentOf, erasedLeaf, signLeaf, type ErasureKind } from './ledger/leaf.ts';
import type { NoteSigner } from './ledger/signed-note.ts';

export interface EraseDependencies {
  readonly store: ErasureStore;
  readonly database: Database;
  readonly cdn: CdnCache;
  readonly clock: Clock;
  /** Signs entries, so that the ledger has none but of erasures that this code made. */
  readonly signer: NoteSigner;
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

/** As a mark keeps them: bytes by container and name. */
type NamedBlobs = Readonly<Record<string, number>>;

const nameOf = ({ container, name }: ImageBlob): string => `${container}/${name}`;

const named = (blobs: readonly ImageBlob[] = []): NamedBlobs =>
  Object.fromEntries(blobs.map((blob) => [nameOf(blob), blob.bytes]));

const blobsOf = (imageId: string, blobs: NamedBlobs): ImageBlob[] =>
  Object.entries(blobs).map(([path, bytes]) => {
    const [container, ...name] = path.split('/');
    return { imageId, container: container as Container, name: name.join('/'), bytes };
  });

const bytesOf = (blobs: readonly ImageBlob[]): number => blobs.reduce((sum, { bytes }) => sum + bytes, 0);

/**
 * Erases images everywhere. First they are marked, so that nothing of them is saved any more and no export reads them;
 * then bytes, lake rows and cached copies go; last the rows, together with the ledger's entry. So an entry is written only of
 * what is gone, and whatever stops in between leaves the mark, by which the next run takes it up.
 */
export function makeErase({ store, database, cdn, clock, signer, lake }: EraseDependencies): Erase {
  /** What is due goes by the rows, thousands at a time; for what somebody asked about, every store is looked through. */
  const begin = async (targets: readonly ErasureTarget[], kind: ErasureKind, actor: string) => {
    const mark = (blobs: ReadonlyMap<string, ImageBlob[]>) => {
      const images = targets.map(({ imageId, uploadedAt, deleteAt }) => ({
        ...{ imageId, kind, uploadedAt: uploadedAt.toISOString(), deleteAt: deleteAt.toISOString() },
        blobs: named(blobs.get(imageId)),
      }));
      return database.execute('storage_writer', 'begin_erasures', { images }, { actor });
    };
    const marks = await mark(new Map());
    const found =
      kind === 'retention'
        ? await imageBlobs(database, targets)
        : await store.list(targets.map(({ imageId }) => imageId));
    // An original without bytes is none: what was rejected has none, and an interrupted run removed none.
    const there = found.filter(({ container, bytes }) => container !== containers.raw || bytes > 0);
    await mark(Map.groupBy(there, ({ imageId }) => imageId));
    return {
      found,
      salts: new Map(marks.map((row) => [row.image_id, row.salt])),
      earlier: marks.flatMap((row) => blobsOf(row.image_id, row.blobs as NamedBlobs)),
    };
  };

  const entryOf = (
    target: ErasureTarget,
    kind: ErasureKind,
    salt: string,
    gone: readonly ImageBlob[],
    lakeRows: number,
  ) => {
    const { imageId } = target;
    const facts = {
      ...{ kind, salt, blobs: gone.length, bytes: bytesOf(gone), lakeRows },
      ...{ uploadedAt: target.uploadedAt.toISOString(), dueAt: target.deleteAt.toISOString() },
      erasedAt: clock.now().toISOString(),
    };
    const leaf = erasedLeaf({
      ...{ ...facts, commitment: commitmentOf(salt, imageId), imageDigest: imageDigest(imageId) },
    });
    return { imageId, ...facts, signature: signLeaf(leaf, signer) };
  };

  /** What was written by somebody who began before the mark and is refused only now. */
  const removeLate = async (targets: readonly ErasureTarget[], kind: ErasureKind): Promise<Removal> =>
    kind === 'retention' || targets.length === 0
      ? { removed: [], absent: [], failed: new Map() }
      : store.remove(await store.list(targets.map(({ imageId }) => imageId)));

  async function eraseBatch(targets: readonly ErasureTarget[], kind: ErasureKind, actor: string) {
    const { found, earlier, salts } = await begin(targets, kind, actor);
    const foundNames = new Set(found.map(nameOf));
    const first = await store.remove([...found, ...earlier.filter((blob) => !foundNames.has(nameOf(blob)))]);
    const reached = targets.filter(({ imageId }) => !first.failed.has(imageId));
    const lakeRows = (await lake?.eraseImages(reached)) ?? new Map<string, number>();
    await cdn.purge(reached.map(({ imageId }) => `/api/images/${imageId}/*`));
    const late = await removeLate(reached, kind);
    // What an interrupted run had found and is not there now was deleted by it.
    const earlierNames = new Set(earlier.map(nameOf));
    const deletedBefore = first.absent.filter((blob) => earlierNames.has(nameOf(blob)));
    const all = [...first.removed, ...deletedBefore, ...late.removed];
    const gone = Map.groupBy(
      new Map(all.map((blob) => [nameOf(blob), blob])).values(),
      ({ imageId }) => imageId,
    );
    const failed = new Map([...first.failed, ...late.failed]);
    const entries = targets
      .filter(({ imageId }) => !failed.has(imageId))
      .map((target) => {
        const { imageId } = target;
        return entryOf(
          target,
          kind,
          salts.get(imageId)!,
          gone.get(imageId) ?? [],
          lakeRows.get(imageId) ?? 0,
        );
      });
    if (entries.length > 0) await database.execute('storage_writer', 'erase_images', { entries }, { actor });
    return { entries, failed };
  }

  return async (targets, kind, actor) => {
    const failures = new Map<string, unknown>();
    let [erased, blobs, bytes] = [0, 0, 0];
    for (const batch of slices(targets, batchSize)) {
      const { entries, failed } = await eraseBatch(batch, kind, actor);
      for (const [imageId, error] of failed) failures.set(imageId, error);
      for (const entry of entries) {
        erased += 1;
        blobs += entry.blobs;
        bytes += entry.bytes;
      }
    }
    return { erased, blobs, bytes, failed: failures };
  };
}
