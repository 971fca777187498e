import { makeReportRights } from '../../shared/database/rights/report.ts';
import { registerRoute } from '../../shared/http/register.ts';
import { parts } from '../../shared/parts.ts';
import { rightsRoute } from './routes.ts';

export const reportRights = registerRoute(rightsRoute, async ({ query }) => {
  const report = makeReportRights({ database: await parts.database(), clock: parts.clock() });
  return { jsonBody: await report(query.role) };
});
