import type { Route } from '../shared/platform/http/route.ts';
import type { ServiceName } from '../shared/platform/services.ts';

const isRoute = (value: unknown): value is Route =>
  typeof value === 'object' && value !== null && 'path' in value && 'responses' in value && 'roles' in value;

const modules: Readonly<Record<ServiceName | 'host', readonly (() => Promise<object>)[]>> = {
  upload: [() => import('./upload/routes.ts'), () => import('./upload/tus/routes.ts')],
  read: [() => import('./read/routes.ts')],
  logistics: [() => import('./logistics/routes.ts')],
  sales: [() => import('./sales/routes.ts')],
  analytics: [() => import('./analytics/routes.ts')],
  operations: [() => import('./operations/routes.ts')],
  purge: [() => import('./purge/routes.ts')],
  warehouse: [() => import('./warehouse/routes.ts')],
  host: [() => import('./host/routes.ts')],
  stream: [],
  processing: [],
};

/** The routes of all services: whichever app answers, a client sees one API. */
export async function allRoutes(): Promise<Route[]> {
  const loaded = await Promise.all(Object.values(modules).flatMap((of) => of.map((load) => load())));
  return loaded.flatMap((module) => Object.values(module) as unknown[]).filter(isRoute);
}
