import { z } from 'zod';
import { count, engineering } from './common.ts';
import { defineRoute } from '../../../shared/platform/http/define-route.ts';

const entry = z
  .object({
    sequence: count,
    leafIndex: count.nullable().describe('Its place in the tree; none until the next checkpoint'),
    kind: z.enum(['retention', 'erasure', 'sweep']),
    commitment: z.string(),
    imageDigest: z.string(),
    blobs: count,
    bytes: count,
    lakeRows: count,
    uploadedAt: z.string(),
    dueAt: z.string(),
    erasedAt: z.string(),
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
  summary: 'Holds the ledger against its signed checkpoints, and against the images that are here',
  roles: engineering,
  responses: {
    200: {
      description: 'Whether every entry is what was signed, and true',
      schema: z
        .object({
          valid: z.boolean(),
          entries: count,
          checkpoint: z
            .string()
            .nullable()
            .describe('The newest: keep it elsewhere, for `ledger verify --against`'),
          faults: z.array(z.object({ code: z.string(), at: count.nullable(), message: z.string() })),
        })
        .meta({ id: 'LedgerVerification' }),
    },
  },
});
