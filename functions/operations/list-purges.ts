import { registerRoute } from '../register-route.ts';
import { imageDigest } from '../../shared/platform/image-id.ts';
import type { LedgerEntry } from '../../shared/images/erase/ledger.ts';
import { composition } from '../composition.ts';
import { pageOf } from '../../shared/platform/paging/page.ts';
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

registerRoute(listPurgesRoute, async ({ query: { limit, cursor, imageId } }) => {
  const digest = imageId === undefined ? undefined : imageDigest(imageId);
  const where =
    digest === undefined ? [] : [{ column: 'image_digest', operator: '=', value: digest } as const];
  const database = await composition.database();
  const { rows, next } = await pageOf<LedgerEntry>({
    scope: `purges ${digest ?? ''}`,
    ...{ limit, cursor },
    orderBy: [['sequence', 'desc']],
    fetch: (page) => database.query('operations', 'purges', { where, ...page }),
  });
  return { jsonBody: { purges: rows.map(entryView), next } };
});
