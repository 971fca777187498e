import { hour } from '../../../platform/clock.ts';
import type { SweepDependencies } from './dependencies.ts';

/** Staged blocks that are seen again after this belong to nobody: a resumable upload lives for a day. */
export const stagedLifetimeMs = 36 * hour;

/** Drops staged blocks that nobody committed within their time. Answers how many blobs had some. */
export async function discardStaged(
  { inventory, clock }: SweepDependencies,
  staged: readonly string[],
  dryRun: boolean,
): Promise<number> {
  const before = await inventory.readFirstSeen();
  const now = clock.now();
  const seen = new Map(staged.map((id) => [id, before[id] ?? now.toISOString()]));
  const over = staged.filter((id) => now.getTime() - Date.parse(seen.get(id)!) > stagedLifetimeMs);
  if (!dryRun) {
    for (const imageId of over) {
      await inventory.discardStaged(imageId);
      seen.delete(imageId);
    }
    await inventory.writeFirstSeen(Object.fromEntries(seen));
  }
  return over.length;
}
