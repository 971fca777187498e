import { z } from 'zod';
import { defineRoute } from '../../../shared/platform/http/define-route.ts';
import { engineering, id, count } from './common.ts';
import { errorCode } from '../../../shared/platform/http/problem.ts';

const replayOutcome = z
  .enum(['applied', 'duplicate', 'fails-again', 'refused-erased'])
  .meta({ id: 'ReplayOutcome' });

export const replayRoute = defineRoute({
  name: 'replayDeadLetters',
  method: 'POST',
  path: '/operations/dead-letters/replay',
  summary: 'Sends dead letters through the pipeline again, or says what would become of them',
  roles: engineering,
  body: z
    .strictObject({
      ids: z.array(id).min(1).max(500).optional(),
      all: z.boolean().optional().describe('Those that were not applied yet, oldest first'),
      code: errorCode.optional().describe('With `all`: of this code only'),
      dryRun: z.boolean().default(false),
      reason: z.string().trim().min(1).max(500).optional().describe('Why; needed unless it is a dry run'),
    })
    .refine(({ ids, all }) => (ids === undefined) !== (all !== true), {
      message: 'Name ids, or say all, but not both.',
      path: ['ids'],
    })
    .refine(({ dryRun, reason }) => dryRun || reason !== undefined, {
      message: 'Say why.',
      path: ['reason'],
    }),
  responses: {
    200: {
      description: 'One result each; `more` when there were more than one request takes',
      schema: z
        .object({
          dryRun: z.boolean(),
          results: z.array(
            z.object({
              id: z.string(),
              outcome: replayOutcome,
              detail: z.string(),
            }),
          ),
          more: z.boolean(),
        })
        .meta({ id: 'ReplayAnswer' }),
    },
    404: { description: 'One of the ids is no dead letter' },
  },
});

const reprocessAnswer = z.object({ dryRun: z.boolean(), images: count, stopped: z.boolean() });

export const reprocessRoute = defineRoute({
  name: 'requestReprocess',
  method: 'POST',
  path: '/operations/reprocess',
  summary: 'Runs the processors over images that are still there, behind all new uploads',
  roles: engineering,
  body: z
    .strictObject({
      ids: z.array(z.uuid().toLowerCase()).min(1).max(500).optional(),
      all: z.boolean().optional(),
      unprocessed: z
        .boolean()
        .optional()
        .describe(
          'Only images that are not processed and have no dead letter: a hub lost their event, or it waits there still',
        ),
      processor: z
        .string()
        .max(64)
        .optional()
        .describe('Only images that another version of this processor worked on'),
      version: z.string().max(32).optional().describe('Other than this; the present one when not given'),
      dryRun: z.boolean().default(false),
      reason: z.string().trim().min(1).max(500).optional(),
    })
    .refine(
      ({ ids, all, unprocessed, processor }) =>
        all === true || unprocessed === true || [ids, processor].some((one) => one !== undefined),
      {
        message: 'Name ids or a processor, or say unprocessed or all.',
        path: ['ids'],
      },
    ),
  responses: {
    202: {
      description: 'So many images are on their way; `stopped` when somebody stopped it before all were sent',
      schema: reprocessAnswer,
    },
    200: {
      description: 'So many would be, in a dry run',
      schema: reprocessAnswer,
    },
    422: { description: 'There is no such processor' },
  },
});
