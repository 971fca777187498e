import { registerRoute } from '../../shared/http/register.ts';
import { makeHealth } from '../../shared/operations/health.ts';
import { checksOfApp } from './checks.ts';
import { healthRoute } from './open-routes.ts';

const look = makeHealth(checksOfApp);

export const health = registerRoute(healthRoute, async () => {
  const found = await look();
  return { status: found.status === 'healthy' ? 200 : 503, jsonBody: found };
});
