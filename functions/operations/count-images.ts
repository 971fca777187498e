import { registerRoute } from '../../shared/http/register.ts';
import { parts } from '../../shared/parts.ts';
import { imageCountsRoute } from './routes.ts';

export const countImages = registerRoute(imageCountsRoute, async () => {
  const database = await parts.database();
  const rows = await database.query('operations', 'image_counts');
  const counts = rows.map((row) => ({ ...row, oldest: row.oldest?.toISOString() ?? null }));
  return { jsonBody: { asOf: parts.clock().now().toISOString(), counts } };
});
