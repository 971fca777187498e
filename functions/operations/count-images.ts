import { registerRoute } from '../register-route.ts';
import { composition } from '../composition.ts';
import { imageCountsRoute } from './routes.ts';

registerRoute(imageCountsRoute, async () => {
  const database = await composition.database();
  const rows = await database.query('operations', 'image_counts');
  const counts = rows.map((row) => ({ ...row, oldest: row.oldest?.toISOString() ?? null }));
  return { jsonBody: { asOf: composition.clock().now().toISOString(), counts } };
});
