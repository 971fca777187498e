import { registerRoute } from '../register-route.ts';
import { imageDigest } from '../../shared/platform/image-id.ts';
import type { ViewRow } from '../../shared/database/catalog/index.ts';
import { composition } from '../composition.ts';
import { pageOf } from '../../shared/platform/paging/page.ts';
import { listPurgesRoute } from './routes.ts';

type Purge = ViewRow<'operations', 'purges'>;

const entryView = (entry: Purge) => ({
  sequence: entry.sequence,
  leafIndex: entry.leaf_index,
  kind: entry.kind,
  commitment: entry.commitment,
  imageDigest: entry.image_digest,
  blobs: entry.blobs,
  bytes: entry.bytes,
  lakeRows: entry.lake_rows,
  uploadedAt: entry.uploaded_at,
  dueAt: entry.due_at,
  erasedAt: entry.erased_at,
});

registerRoute(listPurgesRoute, async ({ query: { limit, cursor, imageId } }) => {
  const digest = imageId === undefined ? undefined : imageDigest(imageId);
  const where =
    digest === undefined ? [] : [{ column: 'image_digest', operator: '=', value: digest } as const];
  const database = await composition.database();
  const { rows, next } = await pageOf<Purge>({
    scope: `purges ${digest ?? ''}`,
    ...{ limit, cursor },
    orderBy: [['sequence', 'desc']],
    fetch: (page) => database.query('operations', 'purges', { where, ...page }),
  });
  return { jsonBody: { purges: rows.map(entryView), next } };
});
