import { rangeOfDays, within } from '../../shared/desks/day-range.ts';
import { registerRoute } from '../../shared/http/register.ts';
import { parts } from '../../shared/parts.ts';
import { dailyRoute } from './routes.ts';
import { dailyView } from './view.ts';

export const dailyOrders = registerRoute(dailyRoute, async ({ query }) => {
  const clock = parts.clock();
  const database = await parts.database();
  const range = rangeOfDays(query, clock);
  const rows = await database.query('logistics', 'daily', {
    where: within(range),
    orderBy: [['day', 'asc']],
  });
  return { jsonBody: { days: rows.map(dailyView), asOf: clock.now().toISOString() } };
});
