import { registerRoute } from '../../shared/http/register.ts';
import { parts } from '../../shared/parts.ts';
import { exportsRoute } from './routes.ts';

export const listExports = registerRoute(exportsRoute, async () => {
  const database = await parts.database();
  const rows = await database.query('operations', 'exports', { orderBy: [['table_name', 'asc']] });
  const now = parts.clock().now();
  const exports = rows.map(({ table_name: table, exported_at: exportedAt, ...figures }) => ({
    table,
    ...figures,
    exportedAt: exportedAt.toISOString(),
    ageSeconds: Math.max(0, Math.round((now.getTime() - exportedAt.getTime()) / 1000)),
  }));
  return { jsonBody: { asOf: now.toISOString(), exports } };
});
