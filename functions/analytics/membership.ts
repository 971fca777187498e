import { rangeOfDays, within } from '../../shared/desks/day-range.ts';
import { registerRoute } from '../../shared/http/register.ts';
import { parts } from '../../shared/parts.ts';
import { membershipRoute } from './routes.ts';

export const analyseMembership = registerRoute(membershipRoute, async ({ query }) => {
  const clock = parts.clock();
  const database = await parts.database();
  const range = rangeOfDays(query, clock);
  const rows = await database.query('analytics', 'membership', {
    where: within(range),
    orderBy: [
      ['day', 'asc'],
      ['membership', 'asc'],
      ['status', 'asc'],
    ],
  });
  return { jsonBody: { range, rows, asOf: clock.now().toISOString() } };
});
