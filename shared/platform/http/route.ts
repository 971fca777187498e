import type { HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import type { z } from 'zod';
import type { Principal, Role } from '../auth/principal.ts';
import type { Log } from '../log.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS';

/**
 * One HTTP operation: what registers the function, checks the caller, validates the request and describes it in
 * openapi.json. `anyone` asks for no token; `optional` lets a request without one through (signed URLs).
 */
export interface Route {
  readonly name: string;
  readonly method: Method;
  /** That the function answers too and openapi.json does not show: what they mean is said by a header. */
  readonly otherMethods?: readonly Method[];
  /** Behind the prefix `/api/`, with `{parameters}`. */
  readonly path: string;
  readonly summary: string;
  readonly roles: readonly Role[] | 'anyone' | 'optional';
  readonly parameters?: z.ZodObject;
  readonly query?: z.ZodObject;
  /** A JSON body; routes that take bytes leave it out and say `consumes`. */
  readonly body?: z.ZodType;
  readonly consumes?: readonly string[];
  /** Such a body, where it is text. */
  readonly example?: string;
  /** Headers that the handler reads, each with what it does. */
  readonly requestHeaders?: Readonly<Record<string, string>>;
  /** Headers that every answer has, refusals included. */
  readonly headers?: (request: HttpRequest) => Readonly<Record<string, string>>;
  readonly responses: Readonly<
    Record<
      number,
      { description: string; schema?: z.ZodType; contentTypes?: readonly string[]; example?: string }
    >
  >;
}

/** Those of its function; GET answers HEAD too. */
export const methodsOf = ({ method, otherMethods = [] }: Route): Method[] => [
  ...(method === 'GET' ? (['GET', 'HEAD'] as const) : [method]),
  ...otherMethods,
];

type Parsed<T> = T extends z.ZodType ? z.infer<T> : undefined;

export interface Call<R extends Route> {
  readonly request: HttpRequest;
  readonly context: InvocationContext;
  /** Undefined only on routes for anyone, or `optional` ones without a token. */
  readonly principal: R['roles'] extends readonly Role[] ? Principal : Principal | undefined;
  readonly parameters: Parsed<R['parameters']>;
  readonly query: Parsed<R['query']>;
  readonly body: Parsed<R['body']>;
  readonly correlationId: string;
  /** Adds the correlation id and the route to every line. */
  readonly log: Log;
}

export type RouteHandler<R extends Route> = (call: Call<R>) => Promise<HttpResponseInit>;
