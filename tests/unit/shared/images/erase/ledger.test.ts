import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { ledgerStart, verifyLedger, type LedgerEntry } from '../../../../../shared/images/erase/ledger.ts';

/** docs/deletion.md: SHA-256 over the fields in this order, joined by a bar; the first follows 64 zeros. */
const fields = [
  ...['sequence', 'kind', 'image_digest', 'blobs', 'bytes', 'lake_rows'],
  ...['uploaded_at', 'due_at', 'erased_at', 'previous_hash'],
] as const;

function chain(length: number): LedgerEntry[] {
  const entries: LedgerEntry[] = [];
  for (let sequence = 1; sequence <= length; sequence += 1) {
    const entry: Record<string, unknown> = {
      ...{ sequence, kind: 'retention', image_digest: 'a'.repeat(64), blobs: 2, bytes: 41, lake_rows: 1 },
      ...{ uploaded_at: '2026-01-01', due_at: '2026-01-08', erased_at: '2026-01-08' },
      previous_hash: entries.at(-1)?.hash ?? '0'.repeat(64),
    };
    const text = fields.map((field) => String(entry[field])).join('|');
    entries.push({
      ...entry,
      hash: createHash('sha256').update(text).digest('hex'),
    } as unknown as LedgerEntry);
  }
  return entries;
}

describe('the chain of the ledger', () => {
  test('starts with 64 zeros', () => {
    expect(ledgerStart).toBe('0'.repeat(64));
  });

  test('is whole when every entry holds the hash of the one before', async () => {
    expect(await verifyLedger(chain(3))).toEqual({ ok: true, entries: 3 });
    expect(await verifyLedger([])).toEqual({ ok: true, entries: 0 });
  });

  test.each(fields)('breaks at an entry whose %s was changed', async (field) => {
    const entries = chain(3);
    entries[1] = { ...entries[1]!, [field]: field === 'sequence' ? 7 : 'changed' };
    expect(await verifyLedger(entries)).toMatchObject({ ok: false, entries: 2 });
  });

  test('breaks where an entry is missing, at the one behind it', async () => {
    const [first, , third] = chain(3);
    expect(await verifyLedger([first!, third!])).toEqual({ ok: false, entries: 2, brokenAt: 3 });
  });

  test('breaks where its beginning is missing', async () => {
    expect(await verifyLedger(chain(2).slice(1))).toEqual({ ok: false, entries: 1, brokenAt: 2 });
  });

  test('breaks where one was added that follows the last in number only', async () => {
    const [first, second] = chain(2);
    const added = { ...second!, previous_hash: 'f'.repeat(64) };
    expect(await verifyLedger([first!, added])).toEqual({ ok: false, entries: 2, brokenAt: 2 });
  });
});
