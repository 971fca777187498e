import type { z } from 'zod';
import type { Condition } from '../../shared/database/port.ts';
import { registerRoute } from '../register-route.ts';
import type { DeadLetterRow } from '../../shared/operations/dead-letters.ts';
import { composition } from '../composition.ts';
import { readCursor, writeCursor } from '../../shared/platform/paging/cursor.ts';
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

export const listDeadLetters = registerRoute(listDeadLettersRoute, async ({ query }) => {
  const { limit, cursor, ...filter } = query;
  const scope = `dead-letters ${JSON.stringify(filter)}`;
  const place = cursor === undefined ? undefined : readCursor(composition.seal(), scope, cursor);
  const database = await composition.database();
  const rows = await database.query('operations', 'dead_letters', {
    where: conditions(query),
    orderBy: [
      ['dead_at', 'desc'],
      ['partition', 'desc'],
      ['sequence_number', 'desc'],
    ],
    ...(place === undefined ? {} : { after: [new Date(place[0] as string), place[1], place[2]] }),
    limit: limit + 1,
  });
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const hasMore = rows.length > limit && last !== undefined;
  return {
    jsonBody: {
      deadLetters: page.map(deadLetterView),
      next: hasMore
        ? writeCursor(composition.seal(), scope, [last.dead_at, last.partition, last.sequence_number])
        : null,
    },
  };
});
