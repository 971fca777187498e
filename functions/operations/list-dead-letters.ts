import { registerRoute } from '../register-route.ts';
import { deadLetterConditions } from '../../shared/operations/dead-letter-filter.ts';
import { deadLetterOrder, type DeadLetterRow } from '../../shared/operations/dead-letters.ts';
import { composition } from '../composition.ts';
import { pageOf } from '../../shared/platform/paging/page.ts';
import { deadLetterView } from './dead-letter-view.ts';
import { listDeadLettersRoute } from './routes.ts';

registerRoute(listDeadLettersRoute, async ({ query }) => {
  const { limit, cursor, ...filter } = query;
  const database = await composition.database();
  const { rows, next } = await pageOf<DeadLetterRow>({
    scope: `dead-letters ${JSON.stringify(filter)}`,
    ...{ limit, cursor },
    orderBy: deadLetterOrder('desc'),
    fetch: (page) =>
      database.query('operations', 'dead_letters', { where: deadLetterConditions(filter), ...page }),
  });
  return { jsonBody: { deadLetters: rows.map(deadLetterView), next } };
});
