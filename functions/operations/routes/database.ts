import { z } from 'zod';
import { defineRoute } from '../../../shared/platform/http/define-route.ts';
import { engineering, instant, count } from './common.ts';

const right = z
  .object({
    role: z.string(),
    schema: z.string(),
    object: z.string(),
    kind: z.string(),
    verb: z.string(),
    allowed: z.boolean().describe('What the database answers'),
    meant: z.boolean().describe('What the permission model says'),
  })
  .meta({ id: 'Right' });

export const rightsRoute = defineRoute({
  name: 'reportRights',
  method: 'GET',
  path: '/operations/rights',
  summary: 'Who may do what in the database, as the database itself answers, beside what is meant',
  roles: engineering,
  query: z.object({ role: z.string().max(64).optional() }),
  responses: {
    200: {
      description: 'Role × object × verb',
      schema: z
        .object({
          asOf: instant,
          roles: z.array(z.string()),
          rights: z.array(right),
          differences: z.array(right).describe('Where the two differ: there should be none'),
        })
        .meta({ id: 'RightsReport' }),
    },
  },
});

export const exportsRoute = defineRoute({
  name: 'listExports',
  method: 'GET',
  path: '/operations/exports',
  summary: 'How far each table of the warehouse is, and how old that is',
  roles: engineering,
  responses: {
    200: {
      description: 'The tables that have been exported',
      schema: z
        .object({
          asOf: instant,
          exports: z.array(
            z.object({
              table: z.string(),
              watermark: count.describe('Every change up to this one is in the lake'),
              rows: count.describe('Rows in the lake after the last export'),
              files: count,
              bytes: count,
              exportedAt: instant.describe('When an export last ended well, whether it found changes or not'),
              ageSeconds: count,
            }),
          ),
        })
        .meta({ id: 'LakeExports' }),
    },
  },
});
