import { z } from 'zod';
import { count, engineering } from './common.ts';
import { defineRoute } from '../../../shared/platform/http/define-route.ts';

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
