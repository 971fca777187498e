import { z } from 'zod';
import { hubs, readHubs } from '../../../shared/stream/hubs.ts';
import { defineRoute } from '../../../shared/platform/http/define-route.ts';
import { count, engineering, instant } from './common.ts';

const hub = z.enum(readHubs);

const limit = z.object({
  deadLetters: count,
  minutes: count,
  isDefault: z.boolean().describe('Nobody set it: it counts codes that are our own fault'),
});

const reader = z
  .object({
    hub: z.string(),
    consumerGroup: z.string(),
    pause: z
      .object({
        since: instant,
        actor: z.string(),
        reason: z.string(),
        isHold: z.boolean().describe('The product paused it, because of dead letters'),
        remindAt: instant.nullable().describe('Alerts are quiet until then'),
      })
      .nullable(),
    resumedAt: instant.nullable(),
    limit: limit.nullable().describe('More dead letters of one code than this pause it; null: never'),
  })
  .meta({ id: 'Reader' });

const change = z
  .object({
    id: count,
    hub: z.string(),
    topic: z.string(),
    action: z.string(),
    actor: z.string(),
    reason: z.string(),
    detail: z.record(z.string(), z.unknown()).nullable(),
    at: instant,
  })
  .meta({ id: 'ReaderChange' });

export const listReadersRoute = defineRoute({
  name: 'listReaders',
  method: 'GET',
  path: '/operations/readers',
  summary:
    'Which readers are paused, since when, by whom and why; what pauses them by itself; what was done lately',
  roles: engineering,
  responses: {
    200: {
      description: 'The readers of the hubs',
      schema: z
        .object({
          asOf: instant,
          readers: z.array(reader),
          changes: z.array(change),
          losses: z
            .array(z.object({ hub: z.string(), partition: z.string(), message: z.string(), at: instant }))
            .describe('Events that expired unread, newest first, as long as their dead letters are kept'),
        })
        .meta({ id: 'Readers' }),
    },
  },
});

const results = z
  .object({
    dryRun: z.boolean(),
    results: z.array(
      z.object({ hub: z.string(), outcome: z.enum(['changed', 'unchanged']), detail: z.string() }),
    ),
  })
  .meta({ id: 'ReaderResults' });

/** Who changes something says why; who only asks what it would do need not. */
const why = {
  dryRun: z.boolean().default(false),
  reason: z.string().trim().min(1).max(500).optional().describe('Why; needed unless it is a dry run'),
};
const saysWhy = ({ dryRun, reason }: { dryRun: boolean; reason?: string | undefined }): boolean =>
  dryRun || reason !== undefined;
const sayWhy = { message: 'Say why.', path: ['reason'] };

const some = { hubs: z.array(hub).min(1).optional().describe('All of them when left out') };
const answers = { 200: { description: 'What changed, or would', schema: results } };

export const pauseReadersRoute = defineRoute({
  name: 'pauseReaders',
  method: 'POST',
  path: '/operations/readers/pause',
  summary: 'Lets the batches of readers wait, without a deployment or a restart; checkpoints stay',
  roles: engineering,
  body: z
    .strictObject({
      ...some,
      remindAfterMinutes: z
        .int()
        .min(1)
        .max(20 * 60)
        .default(60)
        .describe('Alerts are quiet about it for so long'),
      ...why,
    })
    .refine(saysWhy, sayWhy),
  responses: answers,
});

export const resumeReadersRoute = defineRoute({
  name: 'resumeReaders',
  method: 'POST',
  path: '/operations/readers/resume',
  summary: 'Lets paused readers go on where they were, within half a minute',
  roles: engineering,
  body: z.strictObject({ ...some, ...why }).refine(saysWhy, sayWhy),
  responses: answers,
});

const move = z.object({
  ...{ hub: z.string(), partition: z.string() },
  from: z.int().describe('The offset that would be read next as it is'),
  to: z.int().describe('The offset that is read next now'),
  again: count.describe('Events that are read once more'),
  skipped: count.describe('Events that are never read: what they carry is not processed'),
});

const target = z.union([
  z.enum(['beginning', 'end']),
  z.strictObject({ offset: count.describe('As Kafka counts; Event Hubs calls it the sequence number') }),
  z.strictObject({ time: instant.describe('The first event that came then or later') }),
]);

export const moveReaderRoute = defineRoute({
  name: 'moveReader',
  method: 'POST',
  path: '/operations/readers/move',
  summary: 'Moves the checkpoint of a paused reader, or says what would be read again or skipped',
  roles: engineering,
  body: z
    .strictObject({
      hub,
      partition: z.string().max(5).optional().describe('All of them when left out'),
      to: target,
      ...why,
    })
    .refine(saysWhy, sayWhy),
  responses: {
    200: {
      description: 'What each partition reads next',
      schema: z.object({ dryRun: z.boolean(), moves: z.array(move) }).meta({ id: 'ReaderMoves' }),
    },
    409: { description: 'The reader is not paused, or no host has read the partition yet' },
  },
});

export const limitReaderRoute = defineRoute({
  name: 'limitReader',
  method: 'POST',
  path: '/operations/readers/limit',
  summary: 'Sets how many dead letters of one code pause the reader of a hub by themselves',
  roles: engineering,
  body: z
    .strictObject({
      hub: z.enum(readHubs.filter((one) => one !== hubs.deadLetter)),
      deadLetters: z.int().min(1).max(100_000).nullable().describe('null: never'),
      minutes: z.int().min(1).max(1_440).default(10),
      ...why,
    })
    .refine(saysWhy, sayWhy),
  responses: answers,
});

export const stopReprocessRoute = defineRoute({
  name: 'stopReprocess',
  method: 'POST',
  path: '/operations/reprocess/stop',
  summary: 'Stops bulk re-runs: images that were asked for and not begun stay as they are',
  roles: engineering,
  body: z.strictObject(why).refine(saysWhy, sayWhy),
  responses: answers,
});
