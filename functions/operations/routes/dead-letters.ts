import { z } from 'zod';
import { count, instant, engineering, id } from './common.ts';
import { defineRoute } from '../../../shared/platform/http/define-route.ts';
import { errorCode } from '../../../shared/platform/http/problem.ts';
import { readHubs } from '../../../shared/stream/hubs.ts';

const deadLetterView = z
  .object({
    id: z.string(),
    imageId: z.uuid().nullable(),
    origin: z.object({ hub: z.string(), partition: z.string(), offset: z.string() }),
    stage: z.string(),
    code: z.string(),
    message: z.string(),
    attempts: count,
    payloadBytes: count,
    deadAt: instant,
    expiresAt: instant,
    replays: count,
    lastOutcome: z.string().nullable(),
  })
  .meta({ id: 'DeadLetter' });

export type DeadLetterView = z.infer<typeof deadLetterView>;

const filter = {
  code: errorCode.optional(),
  stage: z.string().max(50).optional(),
  hub: z.enum(readHubs).optional().describe('The hub it came from'),
  imageId: z.uuid().toLowerCase().optional(),
  from: instant.optional(),
  to: instant.optional(),
  open: z
    .stringbool()
    .optional()
    .describe('true: only those that nobody replayed with success, found to be done, or discarded'),
};

export const listDeadLettersRoute = defineRoute({
  name: 'listDeadLetters',
  method: 'GET',
  path: '/operations/dead-letters',
  summary: 'What could not be processed and why, newest first',
  roles: engineering,
  query: z.object({
    limit: z.coerce.number().int().min(1).max(200).default(50),
    cursor: z.string().max(1000).optional(),
    ...filter,
  }),
  responses: {
    200: {
      description: 'A page of dead letters',
      schema: z.object({ deadLetters: z.array(deadLetterView), next: z.string().nullable() }),
    },
  },
});

export const countDeadLettersRoute = defineRoute({
  name: 'countDeadLetters',
  method: 'GET',
  path: '/operations/dead-letter-counts',
  summary: 'How many dead letters there are, by code, stage, hub and day',
  roles: engineering,
  responses: {
    200: {
      description: 'Counts, the most first',
      schema: z
        .object({
          asOf: instant,
          open: z
            .object({ deadLetters: count, images: count, since: instant.nullable() })
            .describe('Those that need somebody'),
          counts: z.array(
            z
              .object({
                code: z.string(),
                stage: z.string(),
                hub: z.string(),
                day: z.iso.date().describe('UTC'),
                open: z.boolean(),
                deadLetters: count,
                images: count,
                firstAt: instant,
                lastAt: instant,
              })
              .meta({ id: 'DeadLetterCount' }),
          ),
        })
        .meta({ id: 'DeadLetterCounts' }),
    },
  },
});

export const exportDeadLettersRoute = defineRoute({
  name: 'exportDeadLetters',
  method: 'GET',
  path: '/operations/dead-letter-export',
  summary: 'All dead letters that a filter finds, a JSON object a line, oldest first',
  roles: engineering,
  query: z.object(filter),
  responses: {
    200: {
      description: 'The dead letters as the list shows them',
      contentTypes: ['application/x-ndjson'],
      example:
        '{"id":"2-1041","imageId":null,"origin":{"hub":"image-stream","partition":"0","offset":"7"},"stage":"parse","code":"message-malformed","message":"The message has none of the accepted forms","attempts":1,"payloadBytes":12,"deadAt":"2026-01-05T10:00:00.000Z","expiresAt":"2026-01-11T10:00:00.000Z","replays":0,"lastOutcome":null}\n',
    },
  },
});

export const getDeadLetterRoute = defineRoute({
  name: 'getDeadLetter',
  method: 'GET',
  path: '/operations/dead-letters/{id}',
  summary: 'One dead letter: what failed, where, how often, what it looks like, who replayed it',
  roles: engineering,
  parameters: z.object({ id }),
  responses: {
    200: {
      description: 'The dead letter',
      schema: deadLetterView
        .extend({
          payload: z
            .object({
              bytes: count,
              contentType: z.string().nullable(),
              headers: z.array(z.string()).describe('Names; values may be personal'),
              hasKey: z.boolean(),
              begins: z.string().describe('The first bytes, hex'),
              fields: z.array(z.string()).nullable().describe('Of a JSON object'),
            })
            .nullable()
            .describe('null when it is gone'),
          replayed: z.array(
            z.object({ at: instant, actor: z.string(), reason: z.string(), outcome: z.string() }),
          ),
        })
        .meta({ id: 'DeadLetterDetail' }),
    },
    404: { description: 'No such dead letter' },
  },
});
