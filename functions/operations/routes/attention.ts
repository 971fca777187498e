import { z } from 'zod';
import { concernKinds, maxCounted, unfinishedStates } from '../../../shared/operations/attention.ts';
import { defineRoute } from '../../../shared/platform/http/define-route.ts';
import { imageSource } from '../../schemas.ts';
import { count, engineering, instant } from './common.ts';

const concern = z
  .object({
    kind: z.enum(concernKinds),
    of: z.string().nullable().describe('A code, a hub, a table, or what could not be looked at'),
    count: count.nullable().describe(`Images, events or receipts; ${maxCounted} may be more`),
    since: instant.nullable(),
  })
  .meta({ id: 'Concern' });

export const attentionRoute = defineRoute({
  name: 'listConcerns',
  method: 'GET',
  path: '/operations/attention',
  summary: 'All that needs somebody: images, readers, erasures, exports, the replica, the clock',
  roles: engineering,
  responses: {
    200: {
      description: 'Nothing needs anybody where the list is empty; what could not be looked at is in it',
      schema: z.object({ asOf: instant, concerns: z.array(concern) }).meta({ id: 'Attention' }),
    },
  },
});

export const unfinishedImagesRoute = defineRoute({
  name: 'listUnfinishedImages',
  method: 'GET',
  path: '/operations/unfinished-images',
  summary: 'Images that are stored, failed without a dead letter, or being erased for too long',
  roles: engineering,
  query: z.object({
    state: z.enum(unfinishedStates),
    limit: z.coerce.number().int().min(1).max(200).default(50),
    cursor: z.string().max(1000).optional(),
  }),
  responses: {
    200: {
      description: 'A page, the longest first',
      schema: z
        .object({
          images: z.array(
            z.object({
              imageId: z.uuid(),
              source: imageSource.nullable().describe('null where only its erasure is left'),
              code: z.string().nullable().describe('Why it failed'),
              uploadedAt: instant,
              since: instant.describe('Its last event; an erasure: when it was due or began'),
            }),
          ),
          next: z.string().nullable(),
        })
        .meta({ id: 'UnfinishedImages' }),
    },
  },
});
