import { registerRoute } from '../register-route.ts';
import { composition } from '../composition.ts';
import { exportNowRoute } from './routes.ts';

registerRoute(exportNowRoute, async ({ body, log }) => {
  const warehouse = await composition.warehouse();
  return { jsonBody: { tables: await warehouse.exportAll(log, body) } };
});
