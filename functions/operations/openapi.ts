import { memo } from '../../shared/memo.ts';
import { registerRoute } from '../../shared/http/register.ts';
import type { Route } from '../../shared/http/route.ts';
import { parts } from '../../shared/parts.ts';
import type { ServiceName } from '../../shared/services.ts';
import { openApiRoute } from './open-routes.ts';

const isRoute = (value: unknown): value is Route =>
  typeof value === 'object' && value !== null && 'path' in value && 'responses' in value && 'roles' in value;

const modules: Readonly<Record<ServiceName, readonly (() => Promise<object>)[]>> = {
  upload: [() => import('../upload/routes.ts'), () => import('../upload/tus/routes.ts')],
  read: [() => import('../read/routes.ts')],
  logistics: [() => import('../logistics/routes.ts')],
  sales: [() => import('../sales/routes.ts')],
  analytics: [() => import('../analytics/routes.ts')],
  operations: [() => import('./routes.ts'), () => import('./open-routes.ts')],
  purge: [() => import('../purge/routes.ts')],
  warehouse: [() => import('../warehouse/routes.ts')],
  stream: [],
  processing: [],
};

/** The routes of all services: whichever app answers, a client sees one API. */
export async function allRoutes(): Promise<Route[]> {
  const loaded = await Promise.all(Object.values(modules).flatMap((of) => of.map((load) => load())));
  return loaded.flatMap((module) => Object.values(module) as unknown[]).filter(isRoute);
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
