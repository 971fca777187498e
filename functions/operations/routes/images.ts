import { z } from 'zod';
import { count, instant, engineering } from './common.ts';
import { defineRoute } from '../../../shared/platform/http/define-route.ts';
import { imageStatus, imageSource } from '../../schemas.ts';

const processor = z
  .object({
    name: z.string(),
    version: z.string().nullable().describe('The present one; null when it is gone'),
    variants: z.array(z.string()),
    versions: z.array(z.object({ version: z.string(), images: count, lastAt: instant })),
  })
  .meta({ id: 'Processor' });

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
        processors: z.array(processor),
      }),
    },
  },
});

export const imageCountsRoute = defineRoute({
  name: 'countImages',
  method: 'GET',
  path: '/operations/images',
  summary: 'How many images there are, by status and source',
  roles: engineering,
  responses: {
    200: {
      description: 'Counts',
      schema: z
        .object({
          asOf: instant,
          counts: z.array(
            z.object({
              status: imageStatus,
              source: imageSource,
              images: count,
              bytes: count,
              oldest: instant.nullable(),
            }),
          ),
        })
        .meta({ id: 'ImageCounts' }),
    },
  },
});
