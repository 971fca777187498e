import type { Route } from './route.ts';

/** A route as a constant that keeps its exact types, for `registerRoute` and openapi.json. */
export const defineRoute = <const R extends Route>(route: R): R => route;
