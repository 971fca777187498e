import { rangeOfDays, within } from '../../shared/desks/day-range.ts';
import { registerRoute } from '../../shared/http/register.ts';
import { parts } from '../../shared/parts.ts';
import { imagesRoute } from './routes.ts';

export const analyseImages = registerRoute(imagesRoute, async ({ query }) => {
  const clock = parts.clock();
  const database = await parts.database();
  const range = rangeOfDays(query, clock);
  const rows = await database.query('analytics', 'images', {
    where: within(range),
    orderBy: [
      ['day', 'asc'],
      ['source', 'asc'],
    ],
  });
  return { jsonBody: { range, rows, asOf: clock.now().toISOString() } };
});
