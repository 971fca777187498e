import type { HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import type { Authenticate } from '../auth/verify.ts';
import type { Principal, Role } from '../auth/principal.ts';
import { asDarkroomError, DarkroomError } from '../errors.ts';
import { invocationLog, type Log } from '../log.ts';
import { correlationHeader, correlationIdOf } from './correlation.ts';
import { problemResponse } from './problem.ts';
import type { Call, Route, RouteHandler } from './route.ts';
import { validate } from './validate.ts';

export type FunctionHandler = (request: HttpRequest, context: InvocationContext) => Promise<HttpResponseInit>;

/** What every answer has unless its handler says otherwise: not cached, not sniffed, not framed. */
const defaultHeaders: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
};

async function authorize(
  route: Route,
  request: HttpRequest,
  authenticate: () => Promise<Authenticate>,
): Promise<Principal | undefined> {
  if (route.roles === 'anyone') return undefined;
  const header = request.headers.get('authorization');
  if (route.roles === 'optional') return header === null ? undefined : (await authenticate())(header);
  const principal = await (await authenticate())(header);
  requireRole(principal, route.roles);
  return principal;
}

/** Throws `forbidden` unless the principal has one of the roles. */
export function requireRole(principal: Principal, allowed: readonly Role[]): void {
  if (allowed.some((role) => principal.roles.includes(role))) return;
  throw new DarkroomError('forbidden', `This needs the role ${allowed.join(' or ')}.`, {
    details: { needs: allowed },
  });
}

type GivenHeaders = HttpResponseInit['headers'];

const entriesOf = (headers: GivenHeaders): Iterable<readonly [string, string]> =>
  headers !== undefined && Symbol.iterator in headers
    ? (headers as Iterable<[string, string]>)
    : Object.entries(headers ?? {});

/** The host passes no header value on that is not ASCII: such characters are percent-encoded. */
const asciiValue = (value: string): string =>
  value.toWellFormed().replaceAll(/[^\x20-\x7e\t]/gu, (character) => encodeURIComponent(character));

/** Headers of the route for a refusal: a request that they cannot be worked out for is answered without them. */
function headersOfRefusal(route: Route, request: HttpRequest): Readonly<Record<string, string>> {
  try {
    return route.headers?.(request) ?? {};
  } catch {
    return {};
  }
}

function finish(
  response: HttpResponseInit,
  more: Readonly<Record<string, string>>,
  request: HttpRequest,
  correlationId: string,
): HttpResponseInit {
  const headers = new Headers();
  for (const [name, value] of entriesOf(response.headers)) headers.append(name, asciiValue(value));
  for (const [name, value] of Object.entries({ ...defaultHeaders, ...more })) {
    if (!headers.has(name)) headers.set(name, asciiValue(value));
  }
  headers.set(correlationHeader, correlationId);
  if (request.method !== 'HEAD') return { ...response, headers };
  const { body } = response;
  if (body !== null && typeof body === 'object' && 'destroy' in body) body.destroy();
  return { status: response.status ?? 200, headers };
}

function report(log: Log, error: DarkroomError): void {
  if (error.status >= 500) log.error('request.failed', error);
  else log.info('request.refused', { status: error.status, code: error.code });
}

/**
 * The function for a route: admits the caller, validates, calls the handler and turns whatever it throws into a
 * problem document. `authenticate` is asked for only when the route needs to know who calls.
 */
export function makeHttpHandler<const R extends Route>(
  route: R,
  handler: RouteHandler<R>,
  authenticate: () => Promise<Authenticate>,
): FunctionHandler {
  return async (request, context) => {
    const correlationId = correlationIdOf(request.headers);
    const log = invocationLog(context, { correlationId, route: route.name });
    try {
      const principal = await authorize(route, request, authenticate);
      const parsed = await validate(route, request);
      const call = { request, context, principal, ...parsed, correlationId, log } as unknown as Call<R>;
      const response = await handler(call);
      return finish(response, route.headers?.(request) ?? {}, request, correlationId);
    } catch (thrown) {
      const error = asDarkroomError(thrown);
      report(log, error);
      const response = problemResponse(error, correlationId);
      return finish(response, headersOfRefusal(route, request), request, correlationId);
    }
  };
}
