import type { z } from 'zod';
import type { Condition } from '../../shared/database/port.ts';
import { registerRoute } from '../register-route.ts';
import { deadLetterOrder, type DeadLetterRow } from '../../shared/operations/dead-letters.ts';
import { composition } from '../composition.ts';
import { pageOf } from '../../shared/platform/paging/page.ts';
import { deadLetterView } from './dead-letter-view.ts';
import { listDeadLettersRoute } from './routes.ts';

type Query = z.infer<typeof listDeadLettersRoute.query>;

function conditions({ code, stage, hub, imageId, from, to, open }: Query): Condition<DeadLetterRow>[] {
  const wanted: (Condition<DeadLetterRow> | false)[] = [
    code !== undefined && { column: 'code', operator: '=', value: code },
    stage !== undefined && { column: 'stage', operator: '=', value: stage },
    hub !== undefined && { column: 'origin_hub', operator: '=', value: hub },
    imageId !== undefined && { column: 'image_id', operator: '=', value: imageId },
    from !== undefined && { column: 'dead_at', operator: '>=', value: new Date(from) },
    to !== undefined && { column: 'dead_at', operator: '<', value: new Date(to) },
    open === true && { column: 'replays', operator: '=', value: 0 },
  ];
  return wanted.filter((condition) => condition !== false);
}

registerRoute(listDeadLettersRoute, async ({ query }) => {
  const { limit, cursor, ...filter } = query;
  const database = await composition.database();
  const { rows, next } = await pageOf<DeadLetterRow>({
    scope: `dead-letters ${JSON.stringify(filter)}`,
    ...{ limit, cursor },
    orderBy: deadLetterOrder('desc'),
    fetch: (page) => database.query('operations', 'dead_letters', { where: conditions(query), ...page }),
  });
  return { jsonBody: { deadLetters: rows.map(deadLetterView), next } };
});
