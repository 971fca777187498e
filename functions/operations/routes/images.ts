import { defineRoute } from '../../../shared/platform/http/define-route.ts';
import { engineering, count, instant } from './common.ts';
import { z } from 'zod';
import { imageStatuses } from '../../../shared/database/catalog/imaging.ts';
import { imageSources } from '../../../shared/platform/image-origin.ts';

export const processorsRoute = defineRoute({
  name: 'listProcessors',
  method: 'GET',
  path: '/operations/processors',
  summary: 'The processors, and how many images each version of them worked on',
  roles: engineering,
  responses: {
    200: {
      description: 'By name',
      schema: z.object({
        processors: z.array(
          z.object({
            name: z.string(),
            version: z.string().nullable().describe('The present one; null when it is gone'),
            variants: z.array(z.string()),
            versions: z.array(z.object({ version: z.string(), images: count, lastAt: instant })),
          }),
        ),
      }),
    },
  },
});

export const imageCountsRoute = defineRoute({
  name: 'countImages',
  method: 'GET',
  path: '/operations/images',
  summary: 'How many images there are, by status and door',
  roles: engineering,
  responses: {
    200: {
      description: 'Counts',
      schema: z.object({
        asOf: instant,
        counts: z.array(
          z.object({
            status: z.enum(imageStatuses),
            source: z.enum(imageSources),
            images: count,
            bytes: count,
            oldest: instant.nullable(),
          }),
        ),
      }),
    },
  },
});
