import { makeAttention, unfinishedFilter } from '../../shared/operations/attention.ts';
import type { ViewRow } from '../../shared/database/catalog/index.ts';
import { pageOf } from '../../shared/platform/paging/page.ts';
import { readHubs } from '../../shared/stream/hubs.ts';
import { composition } from '../composition.ts';
import { registerRoute } from '../register-route.ts';
import { bulkRuns, hubState, readers } from './composition.ts';
import { attentionRoute, unfinishedImagesRoute } from './routes.ts';

registerRoute(attentionRoute, async ({ log }) => {
  const clock = composition.clock();
  const attention = makeAttention({
    ...{ database: await composition.database(), clock },
    readers: async () => (await readers(log)).list(),
    stream: async () => Promise.all(readHubs.map(await hubState())),
    runs: async () => (await bulkRuns()).running(),
    clockAhead: () => composition.clockAhead(),
    nothingToExportUntil: async () => (await composition.activity()).lastHeld('exportWarehouse'),
    hasLake: composition.settings().DARKROOM_LAKE_STORAGE !== undefined,
  });
  const concerns = await attention();
  return {
    jsonBody: {
      asOf: clock.now().toISOString(),
      concerns: concerns.map((one) => ({ ...one, since: one.since?.toISOString() ?? null })),
    },
  };
});

registerRoute(unfinishedImagesRoute, async ({ query: { state, limit, cursor } }) => {
  const database = await composition.database();
  const { where, orderBy } = unfinishedFilter(state, composition.clock().now());
  const { rows, next } = await pageOf<ViewRow<'operations', 'unfinished_images'>>({
    ...{ scope: `unfinished ${state}`, limit, cursor, orderBy },
    fetch: (page) => database.query('operations', 'unfinished_images', { where, ...page }),
  });
  return {
    jsonBody: {
      images: rows.map((row) => ({
        ...{ imageId: row.image_id, source: row.source, code: row.failure_code },
        ...{ uploadedAt: row.uploaded_at.toISOString(), since: row.since.toISOString() },
      })),
      next,
    },
  };
});
