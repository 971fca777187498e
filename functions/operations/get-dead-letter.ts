import { registerRoute } from '../register-route.ts';
import { previewOf } from '../../shared/operations/record-preview.ts';
import { composition } from '../composition.ts';
import { deadLetterView } from './dead-letter-view.ts';
import { deadLetters } from './composition.ts';
import { getDeadLetterRoute } from './routes.ts';

registerRoute(getDeadLetterRoute, async ({ parameters }) => {
  const [store, database] = await Promise.all([deadLetters(), composition.database()]);
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
      ...deadLetterView(row),
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
