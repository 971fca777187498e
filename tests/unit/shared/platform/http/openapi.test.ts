import { createConfig, lintFromString } from '@redocly/openapi-core';
import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { allRoutes } from '../../../../../functions/all-routes.ts';
import { openApiDocument } from '../../../../../shared/platform/http/openapi.ts';
import type { Route } from '../../../../../shared/platform/http/route.ts';

const about = { version: '1', server: '/api', issuer: 'https://issuer.example' };

/** What an outside validator of OpenAPI 3.1 finds wrong: rule and place. */
async function errorsIn(document: object): Promise<string[]> {
  const config = await createConfig({
    extends: ['spec', 'recommended'],
    rules: { 'no-invalid-media-type-examples': 'error' },
  });
  const found = await lintFromString({ source: JSON.stringify(document), config });
  return found
    .filter(({ severity }) => severity === 'error')
    .map(({ ruleId, location }) => `${ruleId} ${location[0]?.pointer}`);
}

const routeOf = (route: Partial<Route>): Route => ({
  name: 'getThing',
  method: 'GET',
  path: '/things',
  summary: 'A thing',
  roles: 'anyone',
  responses: { 200: { description: 'It' } },
  ...route,
});

test('is valid OpenAPI 3.1', async () => {
  expect(await errorsIn(openApiDocument(await allRoutes(), about))).toEqual([]);
});

test('every operation says what it may answer by an example, and each refusal names its codes', async () => {
  const { paths, components } = openApiDocument(await allRoutes(), about) as any;
  for (const [path, methods] of Object.entries<Record<string, any>>(paths)) {
    for (const [method, { requestBody, responses }] of Object.entries(methods)) {
      const withoutExample = [requestBody, ...Object.values<any>(responses)]
        .flatMap((one) => Object.entries<any>(one?.content ?? {}))
        .filter(([type]) => /json$|^text\/(?!html|plain)/.test(type) && !type.includes('problem'))
        .filter(([, body]) => body.example === undefined);
      expect([method, path, withoutExample]).toEqual([method, path, []]);
      const refusals = Object.entries<any>(responses).filter(
        ([status, one]) => Number(status) >= 400 && one.$ref,
      );
      expect([method, path, refusals.length]).not.toEqual([method, path, 0]);
      for (const [status, { $ref }] of refusals) {
        const { content } = components.responses[$ref.split('/').at(-1)];
        const values = Object.values<any>(content['application/problem+json'].examples);
        expect(values.length).toBeGreaterThan(0);
        expect(values.map(({ value }) => String(value.status))).toEqual(values.map(() => status));
      }
    }
  }
});

test('an example that its schema does not allow is found by the validator', async () => {
  const schema = z.object({ size: z.int().min(1) }).meta({ id: 'Sized', examples: [{ size: 0 }] });
  const document = openApiDocument([routeOf({ responses: { 200: { description: 'It', schema } } })], about);
  expect(await errorsIn(document)).toEqual([
    'no-invalid-media-type-examples #/paths/~1things/get/responses/200/content/application~1json/example/size',
  ]);
});

test('a path parameter without a schema is found by the validator', async () => {
  const document = openApiDocument([routeOf({ path: '/things/{id}' })], about);
  expect(await errorsIn(document)).toEqual(['path-parameters-defined #/paths/~1things~1{id}/get/parameters']);
});

test('names every operation after its function, each once', async () => {
  const routes = await allRoutes();
  const { paths } = openApiDocument(routes, about) as { paths: Record<string, Record<string, any>> };
  const ids = Object.values(paths).flatMap((methods) => Object.values(methods).map((one) => one.operationId));
  expect(ids.toSorted()).toEqual(routes.map(({ name }) => name).toSorted());
  expect(new Set(ids).size).toBe(ids.length);
});

test('refers to schemas with a name, and writes each of them once', () => {
  const leaf = z.object({ size: z.int() }).meta({ id: 'Leaf' });
  const tree = z.object({ leaf, next: leaf.nullable() }).meta({ id: 'Tree' });
  const schemaOf = (schema: z.ZodType) => ({ 200: { description: 'It', schema } });
  const document = openApiDocument(
    [
      routeOf({ responses: schemaOf(tree) }),
      routeOf({ name: 'listThings', path: '/all', responses: schemaOf(z.array(tree)) }),
    ],
    about,
  ) as any;
  const schemaAt = (path: string) =>
    document.paths[path].get.responses[200].content['application/json'].schema;
  expect(schemaAt('/things')).toEqual({ $ref: '#/components/schemas/Tree' });
  expect(schemaAt('/all')).toEqual({ type: 'array', items: { $ref: '#/components/schemas/Tree' } });
  expect(document.components.schemas.Tree.properties).toEqual({
    leaf: { $ref: '#/components/schemas/Leaf' },
    next: { anyOf: [{ $ref: '#/components/schemas/Leaf' }, { type: 'null' }] },
  });
});

test('refuses one name for two things', () => {
  const one = z.object({ a: z.string() }).meta({ id: 'Twice' });
  const other = z.object({ b: z.string() }).meta({ id: 'Twice' });
  const routes = [one, other].map((schema, index) =>
    routeOf({ path: `/${index}`, responses: { 200: { description: 'It', schema } } }),
  );
  expect(() => openApiDocument(routes, about)).toThrow('Two schemas have the name Twice.');
});

test('says which headers a request may have', () => {
  const document = openApiDocument([routeOf({ requestHeaders: { 'if-match': 'The etag' } })], about) as any;
  expect(document.paths['/things'].get.parameters).toEqual([
    { name: 'if-match', in: 'header', required: false, schema: { type: 'string' }, description: 'The etag' },
  ]);
});
