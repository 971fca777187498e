import { registerRoute } from '../register-route.ts';
import { imageDigest } from '../../shared/platform/image-id.ts';
import type { LedgerEntry } from '../../shared/images/erase/ledger.ts';
import { composition } from '../composition.ts';
import { readCursor, writeCursor } from '../../shared/platform/paging/cursor.ts';
import { listPurgesRoute } from './routes.ts';

const entryView = (entry: LedgerEntry) => ({
  sequence: entry.sequence,
  kind: entry.kind,
  imageDigest: entry.image_digest,
  blobs: entry.blobs,
  bytes: entry.bytes,
  lakeRows: entry.lake_rows,
  uploadedAt: entry.uploaded_at,
  dueAt: entry.due_at,
  erasedAt: entry.erased_at,
  previousHash: entry.previous_hash,
  hash: entry.hash,
});

export const listPurges = registerRoute(listPurgesRoute, async ({ query: { limit, cursor, imageId } }) => {
  const digest = imageId === undefined ? undefined : imageDigest(imageId);
  const scope = `purges ${digest ?? ''}`;
  const place = cursor === undefined ? undefined : readCursor(composition.seal(), scope, cursor);
  const database = await composition.database();
  const rows = await database.query('operations', 'purges', {
    where: digest === undefined ? [] : [{ column: 'image_digest', operator: '=', value: digest }],
    orderBy: [['sequence', 'desc']],
    ...(place === undefined ? {} : { after: place }),
    limit: limit + 1,
  });
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const next =
    rows.length > limit && last !== undefined
      ? writeCursor(composition.seal(), scope, [last.sequence])
      : null;
  return { jsonBody: { purges: page.map(entryView), next } };
});
