import type { Database } from '../../shared/database/port.ts';

/** What the end of an erasure gives to the ledger. The signature is right for the form, not for a check. */
export const erasedEntry = (imageId: string, more: Readonly<Record<string, unknown>> = {}) => {
  const at = '2026-01-12T10:05:00.000Z';
  return {
    ...{ imageId, kind: 'erasure', salt: '0123456789abcdef0123456789abcdef' },
    ...{ blobs: 1, bytes: 1, lakeRows: 0, uploadedAt: at, dueAt: at, erasedAt: at },
    signature: 'A'.repeat(88),
    ...more,
  };
};

/** Makes the ledger say that an image was erased, and nothing else. */
export const enterErasure = (database: Database, imageId: string) =>
  database.execute(
    'storage_writer',
    'erase_images',
    { entries: [erasedEntry(imageId)] },
    { actor: 'service:test' },
  );
