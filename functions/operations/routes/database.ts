import { z } from 'zod';
import { defineRoute } from '../../../shared/platform/http/define-route.ts';
import { roles } from '../../../shared/platform/auth/principal.ts';
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

const appRole = z.enum(roles);
const group = z.string().nullable().describe('What gives it to them; null where it is theirs directly');
const personText = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .describe('A full name, a sign-in name, an object id, or application roles: `Sales,Analytics`')
  .meta({ examples: ['Samir Rossi', 'Sales,Analytics'] });

const way = z
  .object({
    ...{ group, appRole, service: z.string(), databaseRole: z.string() },
    members: z.array(z.string()).describe('Groups, identities and logins that are in the database role'),
    schema: z.string(),
    verbs: z.array(z.string()).describe('What the role may do with the object; empty: nothing'),
  })
  .meta({ id: 'RightsWay' });

/** A POST, because an address is kept in logs and a person's name must not be. */
export const explainRightsRoute = defineRoute({
  name: 'explainRights',
  method: 'POST',
  path: '/operations/rights/why',
  summary: 'Through which group, role and schema somebody comes to an object of the database, or why not',
  roles: engineering,
  body: z.object({
    person: personText,
    object: z
      .string()
      .trim()
      .min(1)
      .max(257)
      .describe('SCHEMA.NAME')
      .meta({ examples: ['sales.products'] }),
  }),
  responses: {
    200: {
      description: 'The ways to it, or what is missing and who may grant it',
      schema: z
        .object({
          asOf: instant,
          person: z.object({ name: z.string(), grants: z.array(z.object({ role: appRole, group })) }),
          ...{ object: z.string(), kind: z.string(), allowed: z.boolean(), ways: z.array(way) },
          rolesThatMay: z.array(appRole),
          reason: z.string(),
          remedy: z.string().nullable().describe('What is missing and who may grant it'),
        })
        .meta({ id: 'RightsExplanation' }),
    },
    404: { description: 'Nobody is called so, or the database has no such object' },
    409: { description: 'Several people are called so' },
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
