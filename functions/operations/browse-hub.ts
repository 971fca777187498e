import type { z } from 'zod';
import type { BrowseQuery } from '../../shared/operations/browse/browse-hub.ts';
import { readCursor, writeCursor } from '../../shared/platform/paging/cursor.ts';
import { registerRoute } from '../register-route.ts';
import { hubBrowser } from './composition.ts';
import { browseHubRoute } from './routes.ts';

type Query = z.infer<typeof browseHubRoute.query>;

const scopeOf = ({ hub }: Query): string => `events ${hub}`;

/** Places of a cursor are numbers by partition, whoever wrote it. */
function placesIn(query: Query, cursor: string): Record<string, number> {
  const entries = readCursor(scopeOf(query), cursor).filter(
    (entry): entry is [string, number] => Array.isArray(entry) && Number.isSafeInteger(entry[1]),
  );
  return Object.fromEntries(entries);
}

function startOf(query: Query): BrowseQuery['from'] {
  const { cursor, sequenceNumber, offset, time, from = 'end' } = query;
  if (cursor !== undefined) return { places: placesIn(query, cursor) };
  if (sequenceNumber !== undefined) return { sequenceNumber };
  if (offset !== undefined) return { offset };
  return time === undefined ? from : { enqueuedOn: new Date(time) };
}

registerRoute(browseHubRoute, async ({ query, principal, log }) => {
  const { hub, partition, limit } = query;
  const { key, owner, header, type, ceId, imageId, minBytes, maxBytes } = query;
  const filter = { key, owner, header, type, ceId, imageId, minBytes, maxBytes };
  const { browse } = await hubBrowser();
  const { events, next, scanned, atEnd } = await browse({
    hub,
    partition,
    from: startOf(query),
    filter,
    limit,
  });
  const filtered = Object.entries(filter).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  log.info('hub.browsed', { hub, partition, filtered, shown: events.length, actor: principal.id });
  return { jsonBody: { events, next: writeCursor(scopeOf(query), Object.entries(next)), scanned, atEnd } };
});
