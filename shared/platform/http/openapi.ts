import { sample } from 'openapi-sampler';
import type { z } from 'zod';
import { correlationHeader } from './correlation.ts';
import { makeSchemaWriter, type Json, type SchemaWriter } from './openapi-schemas.ts';
import { problemName, problemResponses } from './openapi-problems.ts';
import { problemSchema } from './problem.ts';
import type { Route } from './route.ts';

export interface ApiDescription {
  readonly version: string;
  readonly server: string;
  readonly issuer: string;
}

function parametersOf(write: SchemaWriter, schema: z.ZodObject | undefined, place: 'path' | 'query'): Json[] {
  return Object.entries(schema?.shape ?? {}).map(([name, field]) => {
    const type = field as z.ZodType;
    const { description, ...rest } = write(type, 'output');
    const required = place === 'path' || !type.safeParse(undefined).success;
    return { name, in: place, required, schema: rest, ...(description === undefined ? {} : { description }) };
  });
}

const headersOf = ({ requestHeaders = {} }: Route): Json[] =>
  Object.entries(requestHeaders).map(([name, description]) => ({
    ...{ name, in: 'header', required: false, schema: { type: 'string' }, description },
  }));

const exampleOf = ({ example }: { readonly example?: string }): Json =>
  example === undefined ? {} : { example };

/** A schema with a value as it may be. */
type Describe = (schema: z.ZodType, io: 'input' | 'output') => Json;

function requestBody(describe: Describe, route: Route): Json {
  if (route.body !== undefined) {
    const content = { 'application/json': describe(route.body, 'input') };
    return { requestBody: { required: true, content } };
  }
  if (route.consumes === undefined) return {};
  return {
    requestBody: {
      required: true,
      content: Object.fromEntries(route.consumes.map((type) => [type, exampleOf(route)])),
    },
  };
}

function content(describe: Describe, response: Route['responses'][number]): Json {
  const types = response.contentTypes ?? (response.schema === undefined ? [] : ['application/json']);
  if (types.length === 0) return {};
  const media = response.schema === undefined ? exampleOf(response) : describe(response.schema, 'output');
  return { content: Object.fromEntries(types.map((type) => [type, media])) };
}

/** What can go wrong on every route of its kind; the route itself names the rest. */
function usualFailures(route: Route): number[] {
  return [
    ...(route.parameters !== undefined || route.query !== undefined || route.body !== undefined ? [400] : []),
    ...(route.body === undefined ? [] : [413, 415, 422]),
    ...(route.roles === 'anyone' ? [] : [401, 503]),
    ...(typeof route.roles === 'string' ? [] : [403]),
    500,
    ...(route.method === 'GET' ? [] : [507]),
  ];
}

/** Every status that openapi.json names for a route. */
export const statusesOf = (route: Route): readonly number[] => [
  ...Object.keys(route.responses).map(Number),
  ...usualFailures(route),
];

function responses(describe: Describe, route: Route): Json {
  const own = Object.entries(route.responses).map(([status, response]) => [
    status,
    Number(status) >= 400 && response.schema === undefined
      ? { description: response.description, $ref: `#/components/responses/${problemName(Number(status))}` }
      : {
          description: response.description,
          headers: { [correlationHeader]: { $ref: '#/components/headers/CorrelationId' } },
          ...content(describe, response),
        },
  ]);
  const usual = usualFailures(route).map((status) => [
    status,
    { $ref: `#/components/responses/${problemName(status)}` },
  ]);
  return Object.fromEntries([...usual, ...own]) as Json;
}

function security(route: Route): Json[] {
  if (route.roles === 'anyone') return [];
  if (route.roles === 'optional') return [{}, { bearer: [] }];
  return [{ bearer: [...route.roles] }];
}

const operation = (write: SchemaWriter, describe: Describe, route: Route): Json => ({
  operationId: route.name,
  summary: route.summary,
  tags: [route.path.replace(/^\//, '').split('/')[0]],
  parameters: [
    ...parametersOf(write, route.parameters, 'path'),
    ...parametersOf(write, route.query, 'query'),
    ...headersOf(route),
  ],
  ...requestBody(describe, route),
  responses: responses(describe, route),
  security: security(route),
});

/** The OpenAPI 3.1 document of the routes, from the same schemas that validate requests. */
export function openApiDocument(routes: readonly Route[], about: ApiDescription): Json {
  const { write, schemas } = makeSchemaWriter();
  write(problemSchema, 'output');
  const describe: Describe = (type, io) => {
    const schema = write(type, io);
    return { schema, example: sample(schema, {}, { components: { schemas } }) };
  };
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = `/${route.path.replace(/^\//, '').replace('{*', '{')}`;
    (paths[path] ??= {})[route.method.toLowerCase()] = operation(write, describe, route);
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Darkroom', version: about.version },
    servers: [{ url: about.server }],
    paths,
    components: {
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: `An access token of ${about.issuer}. The names in a requirement are app roles, any of which will do.`,
        },
      },
      headers: {
        CorrelationId: { description: 'Names this request in the logs', schema: { type: 'string' } },
      },
      responses: problemResponses(),
      schemas,
    },
  };
}
