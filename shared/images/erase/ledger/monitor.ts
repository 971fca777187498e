import { hour } from '../../../platform/clock.ts';
import { openCheckpoint } from './checkpoint-note.ts';
import type { Leaf } from './leaf.ts';
import { checkConsistency, growingTree, proveConsistency, type TreeHead } from './merkle.ts';
import type { NoteVerifier } from './signed-note.ts';
import { decodeEntries, entriesPath, hashesOf, tileWidth, type TileFiles } from './tiles.ts';

/** The purge runs every five minutes; what is later than this was not erased in time. Milliseconds. */
const erasureGraceMs = hour;

export interface Omission {
  readonly commitment: string;
  readonly due: string;
  /** When it was erased after all; undefined when it was not. */
  readonly erased?: string;
}

export interface MonitorReport {
  readonly size: number;
  readonly received: number;
  readonly erased: number;
  /** Received, not erased, and not due yet. */
  readonly open: number;
  /** Not erased in time. */
  readonly omissions: readonly Omission[];
}

/** Proves that the log of `note` begins with that of an older checkpoint; throws when it does not. */
export async function checkAgainst(
  files: Pick<TileFiles, 'read'>,
  { head, old }: { readonly head: TreeHead; readonly old: TreeHead },
): Promise<void> {
  if (old.size > head.size) throw new Error('The log has fewer entries than it had at the older checkpoint.');
  const isPlain = old.size === 0 || old.size === head.size;
  const proof = isPlain ? [] : await proveConsistency(hashesOf(files, head.size), old.size, head.size);
  if (!checkConsistency(old, head, proof))
    throw new Error('The log is not a continuation of the older checkpoint.');
}

/** The leaves of the log, in order. */
async function* leavesOf(files: Pick<TileFiles, 'read'>, size: number): AsyncIterable<Buffer> {
  for (let from = 0; from < size; from += tileWidth) {
    const width = Math.min(tileWidth, size - from);
    const path = entriesPath(from / tileWidth, width);
    const bundle = await files.read(path);
    if (bundle === undefined) throw new Error(`The log has no file ${path}.`);
    const leaves = decodeEntries(bundle);
    if (leaves.length !== width) throw new Error(`The log's file ${path} has ${leaves.length} entries.`);
    yield* leaves;
  }
}

const isLate = (due: string, at: number): boolean => at > Date.parse(due) + erasureGraceMs;

/**
 * Reads a whole log by its public files and names every image, by its commitment, that was not erased in time. Throws
 * when the files are not those of the signed checkpoint.
 */
export async function monitorLedger(
  files: Pick<TileFiles, 'read'>,
  note: string,
  { verifier, now }: { readonly verifier: NoteVerifier; readonly now: Date },
): Promise<MonitorReport> {
  const head = openCheckpoint(note, verifier);
  const tree = growingTree();
  const open = new Map<string, string>();
  const omissions: Omission[] = [];
  let [received, erased] = [0, 0];
  for await (const bytes of leavesOf(files, head.size)) {
    tree.add(bytes);
    const leaf = JSON.parse(bytes.toString()) as Leaf;
    if (leaf.kind === 'received') {
      received += 1;
      open.set(leaf.commitment, leaf.due);
      continue;
    }
    erased += 1;
    const due = open.get(leaf.commitment) ?? leaf.due;
    open.delete(leaf.commitment);
    if (isLate(due, Date.parse(leaf.erased!))) {
      omissions.push({ commitment: leaf.commitment, due, erased: leaf.erased! });
    }
  }
  if (!tree.root().equals(head.root)) throw new Error('The entries are not those of the signed checkpoint.');
  const overdue = [...open].filter(([, due]) => isLate(due, now.getTime()));
  omissions.push(...overdue.map(([commitment, due]) => ({ commitment, due })));
  return { size: head.size, received, erased, open: open.size - overdue.length, omissions };
}
