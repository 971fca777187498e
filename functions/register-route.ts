import { app } from '@azure/functions';
import { composition } from './composition.ts';
import { makeHttpHandler, type FunctionHandler } from '../shared/platform/http/handler.ts';
import { methodsOf, type Route, type RouteHandler } from '../shared/platform/http/route.ts';

const registered = new Map<string, { route: Route; handler: FunctionHandler }>();

/** What this app answers, by function name. */
export const registeredRoutes = (): ReadonlyMap<string, { route: Route; handler: FunctionHandler }> =>
  registered;

/**
 * Registers an HTTP function for a route. Anonymous to the host, because callers show a bearer
 * token, which is checked here. Answers the function, so that a test can call what the host would.
 */
export function registerRoute<const R extends Route>(route: R, handler: RouteHandler<R>): FunctionHandler {
  const httpHandler = makeHttpHandler(route, handler, () => composition.authenticate());
  registered.set(route.name, { route, handler: httpHandler });
  app.http(route.name, {
    authLevel: 'anonymous',
    methods: methodsOf(route),
    route: route.path.replace(/^\//, ''),
    handler: httpHandler,
  });
  return httpHandler;
}
