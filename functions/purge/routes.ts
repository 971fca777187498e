import { z } from 'zod';
import { defineRoute } from '../../shared/platform/http/define-route.ts';

const counts = z.int().nonnegative();

export const purgeRoute = defineRoute({
  name: 'purgeNow',
  method: 'POST',
  path: '/operations/purge',
  summary: 'Erases what is due now, as the timer does; `dryRun` only counts',
  roles: ['Engineering'],
  body: z.strictObject({
    dryRun: z.boolean().default(false),
    sweep: z.boolean().default(false).describe('Also hold the stores against the rows and mend them'),
    replayLedger: z
      .boolean()
      .default(false)
      .describe(
        'After a restore: erase again what the ledger says was erased, and have the lake written anew',
      ),
    sameRestore: z
      .boolean()
      .default(false)
      .describe('With `replayLedger`: more digests of a restore whose epoch has begun already'),
    digests: z
      .array(z.string().regex(/^[0-9a-f]{64}$/))
      .max(10_000)
      .default([])
      .describe('With `replayLedger`: image digests of a ledger exported after the backup was made'),
  }),
  responses: {
    200: {
      description: 'What was done; when `purge.unfinished`, ask again',
      schema: z.object({
        purge: z.object({
          dryRun: z.boolean(),
          due: counts,
          erased: counts,
          blobs: counts,
          bytes: counts,
          failed: counts,
          unfinished: z.boolean(),
        }),
        sweep: z
          .object({
            dryRun: z.boolean(),
            resent: counts,
            erased: counts,
            missingBytes: counts,
            staleRows: counts.describe('Stored for longer than their event is kept: it is sent again'),
            missingDerivatives: counts.describe('Processed again, since a derivative is missing'),
            orphanedDerivatives: counts,
            expiredPayloads: counts,
            discardedUploads: counts,
            expiredUploads: counts,
            failed: counts.describe('What the next sweep tries again'),
          })
          .optional(),
        cameBack: counts.optional().describe('Images that a restore had brought back'),
      }),
    },
  },
});
