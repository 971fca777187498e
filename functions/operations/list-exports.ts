import { registerRoute } from '../register-route.ts';
import { composition } from '../composition.ts';
import { exportsRoute } from './routes.ts';

registerRoute(exportsRoute, async () => {
  const database = await composition.database();
  const rows = await database.query('operations', 'exports', { orderBy: [['table_name', 'asc']] });
  const now = composition.clock().now();
  const exports = rows.map(({ table_name: table, exported_at: exportedAt, ...figures }) => ({
    table,
    ...figures,
    exportedAt: exportedAt.toISOString(),
    ageSeconds: Math.max(0, Math.round((now.getTime() - exportedAt.getTime()) / 1000)),
  }));
  return { jsonBody: { asOf: now.toISOString(), exports } };
});
