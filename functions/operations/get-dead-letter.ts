import { registerRoute } from '../../shared/http/register.ts';
import { previewOf } from '../../shared/operations/preview.ts';
import { parts } from '../../shared/parts.ts';
import { letterView } from './letter-view.ts';
import { letters } from './parts.ts';
import { getDeadLetterRoute } from './routes.ts';

export const getDeadLetter = registerRoute(getDeadLetterRoute, async ({ parameters }) => {
  const [store, database] = await Promise.all([letters(), parts.database()]);
  const row = await store.find(parameters.id);
  const [opened, replays] = await Promise.all([
    store.open([row]),
    database.query('operations', 'replays', {
      where: [
        { column: 'partition', operator: '=', value: row.partition },
        { column: 'sequence_number', operator: '=', value: row.sequence_number },
      ],
      orderBy: [['replay_id', 'asc']],
    }),
  ]);
  const record = opened.get(parameters.id);
  return {
    jsonBody: {
      ...letterView(row),
      payload: record === undefined ? null : previewOf(record),
      replayed: replays.map(({ at, actor, reason, outcome }) => ({
        at: at.toISOString(),
        actor,
        reason,
        outcome,
      })),
    },
  };
});
