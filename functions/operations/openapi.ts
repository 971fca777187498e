import { memo } from '../../shared/memo.ts';
import { registerRoute } from '../../shared/http/register.ts';
import type { Route } from '../../shared/http/route.ts';
import { parts } from '../../shared/parts.ts';
import { openApiRoute } from './open-routes.ts';

const isRoute = (value: unknown): value is Route =>
  typeof value === 'object' && value !== null && 'path' in value && 'responses' in value && 'roles' in value;

/** The routes of all services: whichever app answers, a client sees one API. */
export async function allRoutes(): Promise<Route[]> {
  const modules: object[] = await Promise.all([
    import('../upload/routes.ts'),
    import('../upload/tus/routes.ts'),
    import('../read/routes.ts'),
    import('../logistics/routes.ts'),
    import('../sales/routes.ts'),
    import('../analytics/routes.ts'),
    import('./routes.ts'),
    import('../purge/routes.ts'),
    import('../warehouse/routes.ts'),
    import('./open-routes.ts'),
  ]);
  return modules.flatMap((module) => Object.values(module) as unknown[]).filter(isRoute);
}

const document = memo(async () => {
  const [{ openApiDocument }, routes] = await Promise.all([
    import('../../shared/http/openapi.ts'),
    allRoutes(),
  ]);
  const { DARKROOM_PUBLIC_URL: url, DARKROOM_TOKEN_ISSUER: issuer } = parts.settings();
  return openApiDocument(routes, { version: '1', server: `${url ?? ''}/api`, issuer });
});

export const openApi = registerRoute(openApiRoute, async () => ({
  headers: { 'cache-control': 'public, max-age=300' },
  jsonBody: await document(),
}));
