import type { Database } from '../../../database/port.ts';
import { DarkroomError } from '../../../platform/errors.ts';
import { checkpointPath, sizeIn, type LedgerStore } from './ledger-store.ts';
import { leavesToCome } from './leaves.ts';
import { decodeEntries, entriesPath, entriesPrefix, firstUnfinished, tileWidth, widthIn } from './tiles.ts';

/** The widest bundle of entries that the store holds at a place; 0 when there is none. */
async function widestAt(store: LedgerStore, index: number): Promise<number> {
  let widest = 0;
  for await (const path of store.list(entriesPrefix(index))) widest = Math.max(widest, widthIn(path));
  return widest;
}

/** What the store holds from leaf `from` on, at most a bundle more than `limit`. One list where it holds nothing new. */
async function publishedFrom(store: LedgerStore, from: number, limit: number): Promise<Buffer[]> {
  const leaves: Buffer[] = [];
  for (let width = tileWidth; width === tileWidth && leaves.length <= limit;) {
    const index = (from + leaves.length) / tileWidth;
    width = await widestAt(store, index);
    if (width === 0) break;
    leaves.push(...decodeEntries((await store.read(entriesPath(index, width)))!));
  }
  return leaves;
}

/** The largest checkpoint among those of the same thousand: files of a copy arrive in any order. */
async function largestCheckpoint(store: LedgerStore, size: number): Promise<number> {
  let largest = 0;
  for await (const path of store.list(checkpointPath(size).slice(0, -3))) {
    largest = Math.max(largest, sizeIn(path));
  }
  return largest;
}

/**
 * Throws when the store holds entries behind `size` that the database would not put there: it was restored, or failed over,
 * to a moment before them, and what it gave a place now would be a second history under the same key. A run that
 * ended before it recorded its checkpoint leaves entries too; those are the database's own.
 */
export async function refuseWhenAhead(
  { database, store }: { readonly database: Database; readonly store: LedgerStore },
  { size, atOnce }: { readonly size: number; readonly atOnce: number },
): Promise<void> {
  const from = firstUnfinished(size);
  const published = await publishedFrom(store, from, atOnce + tileWidth);
  const end = Math.max(from + published.length, await largestCheckpoint(store, size));
  if (end <= size) return;
  const own = await leavesToCome(database, from, end);
  if (own.length === end - from && published.every((leaf, at) => leaf.equals(own[at]!))) return;
  throw new DarkroomError(
    'wrong-state',
    `The log is ahead of the database: ${end} entries are published, and the database, which was restored or failed over to a ` +
      'moment before, would put others in their places. Nothing was given a place or signed. Begin a new log: ' +
      'docs/disaster-recovery.md, "When the log is ahead of the database".',
    { details: { published: end, recorded: size } },
  );
}
