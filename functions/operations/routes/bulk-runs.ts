import { z } from 'zod';
import { bulkFilter, bulkRun } from '../../../shared/operations/bulk/bulk-run.ts';
import { defineRoute } from '../../../shared/platform/http/define-route.ts';
import { engineering, id } from './common.ts';

const runId = z.object({ id: z.string().regex(/^[\w-]{1,40}$/) });
const reason = z.string().trim().min(1).max(500);

export const startBulkRunRoute = defineRoute({
  name: 'startBulkRun',
  method: 'POST',
  path: '/operations/bulk-runs',
  summary: 'Replays or discards open dead letters in the background, or says what would become of each',
  roles: engineering,
  body: z
    .strictObject({
      action: z.enum(['replay', 'discard']),
      filter: bulkFilter.optional().describe('All that it finds; an empty one finds all'),
      ids: z.array(id).min(1).max(5_000).optional().describe('These, in the place of a filter'),
      perMinute: z.int().min(1).max(60_000).optional().describe('At most so many a minute'),
      dryRun: z.boolean().default(false),
      reason: reason.optional().describe('Why, kept with who; needed unless it is a dry run'),
    })
    .refine(({ filter, ids }) => (filter === undefined) !== (ids === undefined), {
      message: 'Say a filter, or name ids, but not both.',
      path: ['filter'],
    })
    .refine(({ dryRun, reason: why }) => dryRun || why !== undefined, {
      message: 'Say why.',
      path: ['reason'],
    }),
  responses: {
    202: { description: 'It has begun; a short one is over already', schema: bulkRun },
    404: { description: 'One of the ids is no dead letter' },
  },
});

export const listBulkRunsRoute = defineRoute({
  name: 'listBulkRuns',
  method: 'GET',
  path: '/operations/bulk-runs',
  summary: 'The newest runs over dead letters, and how far they are',
  roles: engineering,
  responses: {
    200: { description: 'Newest first', schema: z.object({ runs: z.array(bulkRun) }) },
  },
});

export const getBulkRunRoute = defineRoute({
  name: 'getBulkRun',
  method: 'GET',
  path: '/operations/bulk-runs/{id}',
  summary: 'How far a run over dead letters is',
  roles: engineering,
  parameters: runId,
  responses: {
    200: { description: 'The run', schema: bulkRun },
    404: { description: 'No such run; they are kept for 30 days' },
  },
});

export const stopBulkRunRoute = defineRoute({
  name: 'stopBulkRun',
  method: 'POST',
  path: '/operations/bulk-runs/{id}/stop',
  summary: 'Stops a run; what it did stays done, the rest stays open',
  roles: engineering,
  parameters: runId,
  body: z.strictObject({ reason }),
  responses: {
    200: { description: 'The run, stopped, or over as it was', schema: bulkRun },
    404: { description: 'No such run' },
  },
});
