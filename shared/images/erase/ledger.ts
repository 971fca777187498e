import { createHash } from 'node:crypto';
import { ledgerEntry } from '../../database/catalog/imaging.ts';
import type { RowOf } from '../../database/catalog/types.ts';

export type LedgerEntry = RowOf<typeof ledgerEntry>;

/** What the first entry has for the hash of the one before. */
export const ledgerStart = '0'.repeat(64);

const hashed = (Object.keys(ledgerEntry) as (keyof LedgerEntry)[]).filter((field) => field !== 'hash');

/** SHA-256 over the entry's fields, but for the hash itself, in the order of the catalogue, joined by `|`. Hex. */
const ledgerHash = (entry: LedgerEntry): string =>
  createHash('sha256')
    .update(hashed.map((field) => String(entry[field])).join('|'))
    .digest('hex');

export interface LedgerCheck {
  readonly ok: boolean;
  /** How many entries were checked. */
  readonly entries: number;
  /** Sequence of the first entry that does not fit: changed, or with one missing or added before it. */
  readonly brokenAt?: number;
}

/** Recomputes the chain, oldest entry first; takes it all at once or as it streams. */
export async function verifyLedger(
  entries: Iterable<LedgerEntry> | AsyncIterable<LedgerEntry>,
): Promise<LedgerCheck> {
  let checked = 0;
  let previous = ledgerStart;
  for await (const entry of entries) {
    checked += 1;
    const fits = entry.sequence === checked && entry.previous_hash === previous;
    if (!fits || entry.hash !== ledgerHash(entry)) {
      return { ok: false, entries: checked, brokenAt: entry.sequence };
    }
    previous = entry.hash;
  }
  return { ok: true, entries: checked };
}
