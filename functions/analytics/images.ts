import { rangeOfDays, within } from '../../shared/orders/day-range.ts';
import { registerRoute } from '../register-route.ts';
import { composition } from '../composition.ts';
import { freshnessOf } from './freshness.ts';
import { imagesRoute } from './routes.ts';

export const analyseImages = registerRoute(imagesRoute, async ({ query }) => {
  const clock = composition.clock();
  const database = await composition.database();
  const range = rangeOfDays(query, clock);
  const freshness = await freshnessOf(database, clock);
  const rows = await database.query('analytics', 'images', {
    where: within(range),
    orderBy: [
      ['day', 'asc'],
      ['source', 'asc'],
    ],
  });
  return { jsonBody: { range, rows, ...freshness } };
});
