import { rangeOfDays, within } from '../../shared/orders/day-range.ts';
import { registerRoute } from '../register-route.ts';
import { composition } from '../composition.ts';
import { freshnessOf } from './freshness.ts';
import { membershipRoute } from './routes.ts';

export const analyseMembership = registerRoute(membershipRoute, async ({ query }) => {
  const clock = composition.clock();
  const database = await composition.database();
  const range = rangeOfDays(query, clock);
  const freshness = await freshnessOf(database, clock);
  const rows = await database.query('analytics', 'membership', {
    where: within(range),
    orderBy: [
      ['day', 'asc'],
      ['membership', 'asc'],
      ['status', 'asc'],
    ],
  });
  return { jsonBody: { range, rows, ...freshness } };
});
