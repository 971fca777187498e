import { z } from 'zod';
import { defineRoute } from '../../shared/platform/http/define-route.ts';

/** Routes for anyone, which every app answers whatever services it hosts. */

const status = z.enum(['healthy', 'unhealthy']);

const health = z
  .object({
    status,
    checkedAt: z.iso.datetime(),
    checks: z.array(
      z.object({ name: z.string(), status, milliseconds: z.int(), code: z.string().optional() }),
    ),
  })
  .meta({ id: 'Health' });

export const healthRoute = defineRoute({
  name: 'health',
  method: 'GET',
  path: '/health',
  summary: 'Whether the parts that this app needs answer, and how fast',
  roles: 'anyone',
  responses: {
    200: { description: 'All is well', schema: health },
    503: { description: 'Something is not', schema: health },
  },
});

export const docsRoute = defineRoute({
  name: 'docs',
  method: 'GET',
  path: '/docs',
  summary: 'The reference of the API, to read and to try: a page of the console',
  roles: 'anyone',
  responses: { 302: { description: 'To the page' } },
});

export const liveRoute = defineRoute({
  name: 'live',
  method: 'GET',
  path: '/health/live',
  summary: 'Whether this app answers at all; it asks nothing else, so a probe may come often',
  roles: 'anyone',
  responses: { 204: { description: 'It does' } },
});

export const openApiRoute = defineRoute({
  name: 'openApi',
  method: 'GET',
  path: '/openapi.json',
  summary: 'This document',
  roles: 'anyone',
  responses: { 200: { description: 'OpenAPI 3.1', schema: z.record(z.string(), z.unknown()) } },
});
