import { app, type HttpMethod } from '@azure/functions';
import { DarkroomError } from '../../shared/platform/errors.ts';
import { makeHttpHandler } from '../../shared/platform/http/handler.ts';
import { parametersOf } from '../../shared/platform/http/path-template.ts';
import { methodsOf, type Route } from '../../shared/platform/http/route.ts';
import { allRoutes } from '../all-routes.ts';
import { composition } from '../composition.ts';

const methods: HttpMethod[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

const route: Route = {
  name: 'unmatched',
  method: 'GET',
  path: '/{*path}',
  summary: 'What no other route takes',
  roles: 'anyone',
  responses: {},
};

/** Answers what no function of this app takes: the host itself would answer 404 without a body. */
export const unmatched = makeHttpHandler(
  route,
  async ({ request }) => {
    const found = (await allRoutes()).filter(({ path }) => parametersOf(path, request.url) !== undefined);
    const allow = [...new Set<string>(found.flatMap(methodsOf))].sort();
    if (allow.length === 0) {
      throw new DarkroomError(
        'not-found',
        'There is nothing at this address; /api/openapi.json lists what there is.',
      );
    }
    if (allow.includes(request.method)) {
      throw new DarkroomError(
        'not-found',
        'This app does not serve this address; ask through the public address.',
      );
    }
    throw new DarkroomError('method-not-allowed', `This address takes ${allow.join(', ')}.`, {
      details: { allow: allow.join(', ') },
    });
  },
  () => composition.authenticate(),
);

app.http(route.name, { authLevel: 'anonymous', methods, route: '{*path}', handler: unmatched });
