import type { Database } from '../database/port.ts';
import { LakeConflict, type LakeFile, type LakeStore } from './store/port.ts';
import { isPartition, partitionDay } from './partitions.ts';
import { imageIdsOf, rewriteWithout } from './rewrite-images.ts';

export interface ReconcileDependencies {
  readonly store: LakeStore;
  readonly database: Database;
}

export interface Reconciliation {
  readonly partitions: number;
  /** Rows of images that the database does not have: an erasure that died halfway. */
  readonly removed: number;
  /** Partitions that somebody else was writing to. */
  readonly skipped: number;
}

async function idsInDatabase(database: Database, day: string): Promise<Set<string>> {
  const ids = new Set<string>();
  const rows = database.stream('warehouse', 'fact_images', {
    where: [{ column: 'day', operator: '=', value: day }],
  });
  for await (const batch of rows) for (const { image_id } of batch) ids.add(image_id);
  return ids;
}

async function reconcile(dependencies: ReconcileDependencies, file: LakeFile): Promise<number> {
  const { store, database } = dependencies;
  const inLake = await imageIdsOf(store, file);
  if (inLake.size === 0) return 0;
  const inDatabase = await idsInDatabase(database, partitionDay(file.path)!);
  const gone = new Set([...inLake.keys()].filter((id) => !inDatabase.has(id)));
  if (gone.size > 0) await rewriteWithout(store, file, gone);
  return gone.size;
}

/**
 * Holds the lake's images against the database's and removes those that are gone there. A row that is being changed at
 * the moment, which the view hides, goes too and comes back with its change. A partition that somebody else is writing
 * to is left to the next time.
 */
export async function reconcileImages(dependencies: ReconcileDependencies): Promise<Reconciliation> {
  const files = await dependencies.store.list('fact_images/');
  let [removed, skipped] = [0, 0];
  for (const file of files.filter(({ path }) => isPartition('fact_images', path))) {
    try {
      removed += await reconcile(dependencies, file);
    } catch (error) {
      if (!(error instanceof LakeConflict)) throw error;
      skipped += 1;
    }
  }
  return { partitions: files.length, removed, skipped };
}
