import { registerRoute } from '../register-route.ts';
import { composition } from '../composition.ts';
import { countDeadLettersRoute } from './routes.ts';

registerRoute(countDeadLettersRoute, async () => {
  const database = await composition.database();
  const rows = await database.query('operations', 'dead_letter_counts');
  const counts = rows
    .sort((a, b) => b.dead_letters - a.dead_letters || b.last_at.getTime() - a.last_at.getTime())
    .map((row) => ({
      ...{ code: row.code, stage: row.stage, hub: row.origin_hub, day: row.day, open: row.is_open },
      ...{ deadLetters: row.dead_letters, images: row.images },
      ...{ firstAt: row.first_at.toISOString(), lastAt: row.last_at.toISOString() },
    }));
  const open = counts.filter((one) => one.open);
  return {
    jsonBody: {
      asOf: composition.clock().now().toISOString(),
      open: {
        deadLetters: open.reduce((sum, { deadLetters }) => sum + deadLetters, 0),
        images: open.reduce((sum, { images }) => sum + images, 0),
        since: open.map(({ firstAt }) => firstAt).sort()[0] ?? null,
      },
      counts,
    },
  };
});
