import type { Database } from '../../../database/port.ts';
import { hour } from '../../../platform/clock.ts';
import { DarkroomError } from '../../../platform/errors.ts';
import { checkpointFolder, checkpointPath, sizeIn, type LedgerStore } from './ledger-store.ts';
import { leavesFrom } from './leaves.ts';
import { rootOf } from './merkle.ts';
import { checkpointsSince, newestCheckpoint, type OwnCheckpoint } from './own-checkpoints.ts';
import type { NoteVerifier } from './signed-note.ts';
import { addTiles, filesBetween, firstUnfinished, hashesOf } from './tiles.ts';

interface Dependencies {
  readonly database: Database;
  readonly store: LedgerStore;
  readonly signer: NoteVerifier;
}

/** A copy of the store in another region is usually at most a quarter of that behind. Milliseconds. */
const copyLagMs = hour;

const youngSince = ({ at }: OwnCheckpoint): Date => new Date(at.getTime() - copyLagMs);

async function hasAll(store: LedgerStore, paths: Iterable<string>): Promise<boolean> {
  for (const path of paths) if ((await store.read(path)) === undefined) return false;
  return true;
}

/** Whether the store lacks what was published last: it is then a copy that had not come as far as the database. */
export async function isBehind({ database, store, signer }: Dependencies, newest: OwnCheckpoint) {
  let old: number | undefined;
  for await (const { size } of checkpointsSince(database, signer, youngSince(newest))) {
    old ??= (await newestCheckpoint(database, signer, size))?.size ?? 0;
    if (!(await hasAll(store, [checkpointPath(size), ...filesBetween(old, size)]))) return true;
    old = size;
  }
  return false;
}

/** Checkpoints whose files are to be made: those that the store lacks, and those whose tiles it may lack. */
async function* toRemake({ database, store, signer }: Dependencies, newest: OwnCheckpoint) {
  const present = new Set<number>();
  for await (const path of store.list(checkpointFolder)) present.add(sizeIn(path));
  const young = youngSince(newest);
  for await (const checkpoint of checkpointsSince(database, signer, new Date(0))) {
    if (checkpoint.at >= young || !present.has(checkpoint.size)) yield checkpoint;
  }
}

/**
 * Makes the files of the log again, from the first leaf on: the leaves, and the signatures on record, leave no choice of
 * what is in them, so that what is there stays as it is. `atOnce`: leaves in memory.
 */
export async function rebuildFiles(
  dependencies: Dependencies,
  newest: OwnCheckpoint,
  atOnce: number,
): Promise<void> {
  const { database, store } = dependencies;
  let old = 0;
  const growTo = async (size: number): Promise<void> => {
    await addTiles(store, { old, size, leaves: await leavesFrom(database, firstUnfinished(old), size) });
    old = size;
  };
  for await (const { size, root, note } of toRemake(dependencies, newest)) {
    while (size - old > atOnce) await growTo(firstUnfinished(old + atOnce));
    await growTo(size);
    if (!(await rootOf(hashesOf(store, size), 0, size)).equals(root)) {
      throw new DarkroomError(
        'internal',
        `The first ${size} entries of the database are not those of its checkpoint: "npx darkroom ledger verify" says which.`,
      );
    }
    await store.add(checkpointPath(size), Buffer.from(note));
  }
}
