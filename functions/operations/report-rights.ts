import { makeReportRights } from '../../shared/database/rights/report.ts';
import { registerRoute } from '../register-route.ts';
import { composition } from '../composition.ts';
import { rightsRoute } from './routes.ts';

registerRoute(rightsRoute, async ({ query }) => {
  const report = makeReportRights({ database: await composition.database(), clock: composition.clock() });
  return { jsonBody: await report(query.role) };
});
