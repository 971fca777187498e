import { memo } from '../../shared/platform/memo.ts';
import { allRoutes } from '../all-routes.ts';
import { composition } from '../composition.ts';
import { registerRoute } from '../register-route.ts';
import { openApiRoute } from './routes.ts';

const document = memo(async () => {
  const [{ openApiDocument }, routes] = await Promise.all([
    import('../../shared/platform/http/openapi.ts'),
    allRoutes(),
  ]);
  const { DARKROOM_PUBLIC_URL: url, DARKROOM_TOKEN_ISSUER: issuer } = composition.settings();
  return openApiDocument(routes, { version: '1', server: `${url ?? ''}/api`, issuer });
});

registerRoute(openApiRoute, async () => ({
  headers: { 'cache-control': 'public, max-age=300' },
  jsonBody: await document(),
}));
