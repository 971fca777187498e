import { registerRoute } from '../../shared/http/register.ts';
import { parts } from '../../shared/parts.ts';
import { exportNowRoute } from './routes.ts';

export const exportNow = registerRoute(exportNowRoute, async ({ body, log }) => {
  const warehouse = await parts.warehouse();
  return { jsonBody: { tables: await warehouse.exportAll(log, body) } };
});
