import { rangeOfDays, within } from '../../shared/orders/day-range.ts';
import { registerRoute } from '../register-route.ts';
import { composition } from '../composition.ts';
import { dailyRoute } from './routes.ts';
import { dailyView } from './view.ts';

registerRoute(dailyRoute, async ({ query }) => {
  const clock = composition.clock();
  const database = await composition.database();
  const range = rangeOfDays(query, clock);
  const rows = await database.query('logistics', 'daily', {
    where: within(range),
    orderBy: [['day', 'asc']],
  });
  return { jsonBody: { days: rows.map(dailyView), asOf: clock.now().toISOString() } };
});
