import { slices } from '../../../platform/slices.ts';
import { questionSize } from '../erased-among.ts';
import { isSettled, type SweepDependencies } from './dependencies.ts';

/** Deletes derivatives that no row refers to. Answers how many there were, and the paths of all that are there. */
export async function deleteOrphans(
  { database, inventory }: SweepDependencies,
  dryRun: boolean,
): Promise<{ orphaned: number; present: ReadonlySet<string> }> {
  const present = new Set<string>();
  let orphaned = 0;
  for await (const page of inventory.processedPages()) {
    for (const { path } of page) present.add(path);
    for (const blobs of slices(page.filter(isSettled), questionSize)) {
      const paths = blobs.map(({ path }) => path);
      const where = [{ column: 'path', operator: 'in', value: paths }] as const;
      const rows = await database.query('storage_writer', 'image_variants', { where });
      const withRow = new Set(rows.map((row) => row.path));
      const orphans = paths.filter((path) => !withRow.has(path));
      orphaned += orphans.length;
      if (!dryRun) await inventory.deleteDerivatives(orphans);
    }
  }
  return { orphaned, present };
}
