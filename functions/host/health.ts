import { registerRoute } from '../register-route.ts';
import { makeHealth } from '../../shared/operations/health.ts';
import { checksOfApp } from './checks.ts';
import { healthRoute } from './routes.ts';

const checkHealth = makeHealth(checksOfApp);

registerRoute(healthRoute, async () => {
  const found = await checkHealth();
  return { status: found.status === 'healthy' ? 200 : 503, jsonBody: found };
});
