import { z } from 'zod';
import { defineRoute } from '../../shared/platform/http/define-route.ts';
import { errorCode } from '../../shared/platform/http/problem.ts';
import { hubs } from '../../shared/stream/hubs.ts';
import { deadLetterIdPattern } from '../../shared/operations/dead-letters.ts';
import { imageSource, imageStatus } from '../schemas.ts';

const engineering = ['Engineering'] as const;
const instant = z.iso.datetime();
const count = z.int().nonnegative();
const lagStates = ['current', 'behind', 'no-consumer', 'not-measurable'] as const;
const lag = z.object({
  state: z.enum(lagStates),
  events: count.nullable().describe('How many wait; null when it cannot be measured'),
  seconds: count.nullable().describe('How long the oldest of them has waited'),
});

const partitionLag = lag
  .extend({
    partition: z.string(),
    expired: count.describe('Let go of by the hub before they were settled'),
    lastSequenceNumber: z.int(),
    checkpoint: z.int().nullable(),
    checkpointAt: instant.nullable(),
  })
  .meta({ id: 'PartitionLag' });

const groupLag = lag
  .extend({
    hub: z.string(),
    consumerGroup: z.string(),
    throughput: z
      .object({ inPerSecond: z.number(), settledPerSecond: z.number() })
      .nullable()
      .describe('Since this was last asked; null the first time'),
    partitions: z.array(partitionLag),
  })
  .meta({ id: 'GroupLag' });

export const streamRoute = defineRoute({
  name: 'streamState',
  method: 'GET',
  path: '/operations/stream',
  summary: 'How far behind each reader of each hub is, by partition, and how fast it goes',
  roles: engineering,
  responses: {
    200: {
      description: 'The hubs and their readers',
      schema: z.object({ asOf: instant, groups: z.array(groupLag) }).meta({ id: 'StreamState' }),
    },
  },
});

const id = z.string().regex(deadLetterIdPattern).describe('PARTITION-SEQUENCE in the dead-letter hub');

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

export const listDeadLettersRoute = defineRoute({
  name: 'listDeadLetters',
  method: 'GET',
  path: '/operations/dead-letters',
  summary: 'What could not be processed and why, newest first',
  roles: engineering,
  query: z.object({
    limit: z.coerce.number().int().min(1).max(200).default(50),
    cursor: z.string().max(1000).optional(),
    code: errorCode.optional(),
    stage: z.string().max(50).optional(),
    hub: z.enum(Object.values(hubs)).optional().describe('The hub it came from'),
    imageId: z.uuid().toLowerCase().optional(),
    from: instant.optional(),
    to: instant.optional(),
    open: z.stringbool().optional().describe('true: only those that nobody replayed yet'),
  }),
  responses: {
    200: {
      description: 'A page of dead letters',
      schema: z.object({ deadLetters: z.array(deadLetterView), next: z.string().nullable() }),
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
      ({ ids, all, processor }) =>
        [ids, all === true || undefined, processor].some((one) => one !== undefined),
      {
        message: 'Name ids or a processor, or say all.',
        path: ['ids'],
      },
    ),
  responses: {
    202: {
      description: 'So many images are on their way',
      schema: z.object({ dryRun: z.boolean(), images: count }),
    },
    200: {
      description: 'So many would be, in a dry run',
      schema: z.object({ dryRun: z.boolean(), images: count }),
    },
    422: { description: 'There is no such processor' },
  },
});

const entry = z
  .object({
    sequence: count,
    kind: z.enum(['retention', 'erasure', 'sweep']),
    imageDigest: z.string(),
    blobs: count,
    bytes: count,
    lakeRows: count,
    uploadedAt: z.string(),
    dueAt: z.string(),
    erasedAt: z.string(),
    previousHash: z.string(),
    hash: z.string(),
  })
  .meta({ id: 'LedgerEntry' });

export const listPurgesRoute = defineRoute({
  name: 'listPurges',
  method: 'GET',
  path: '/operations/purges',
  summary: 'The ledger of erasures, newest first',
  roles: engineering,
  query: z.object({
    limit: z.coerce.number().int().min(1).max(1000).default(50),
    cursor: z.string().max(1000).optional(),
    imageId: z.uuid().toLowerCase().optional().describe('Was this image erased?'),
  }),
  responses: {
    200: {
      description: 'A page of the ledger',
      schema: z.object({ purges: z.array(entry), next: z.string().nullable() }),
    },
  },
});

export const verifyLedgerRoute = defineRoute({
  name: 'verifyLedger',
  method: 'GET',
  path: '/operations/purges/verify',
  summary: 'Recomputes the chain of the ledger from its first entry',
  roles: engineering,
  responses: {
    200: {
      description: 'Whether every entry fits the one before',
      schema: z
        .object({
          valid: z.boolean(),
          entries: count,
          firstBad: count.nullable(),
          head: z
            .string()
            .nullable()
            .describe('Hash of the last entry: keep it elsewhere to notice a cut tail'),
        })
        .meta({ id: 'LedgerVerification' }),
    },
  },
});

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
  summary: 'How many images there are, by status and door',
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
