import { z } from 'zod';
import { defineRoute } from '../../../shared/platform/http/define-route.ts';
import { acceptedTypes } from '../../../shared/images/process/ports.ts';
import { sandboxLimits } from '../../../shared/operations/sandbox/limits.ts';
import { count, engineering } from './common.ts';

const described = z.object({ name: z.string(), version: z.string(), variants: z.array(z.string()) });

export const sandboxRoute = defineRoute({
  name: 'describeSandbox',
  method: 'GET',
  path: '/operations/sandbox',
  summary: 'The candidates that are deployed beside the released processors, for the sandbox alone',
  roles: engineering,
  responses: {
    200: {
      description: 'Candidates',
      schema: z
        .object({
          candidates: z.array(
            described
              .extend({ releasedVersion: z.string().nullable().describe('null: a new processor') })
              .meta({ id: 'Candidate' }),
          ),
          problem: z.string().nullable().describe('Why the candidates cannot be loaded'),
          maxBytes: count.describe('Of a photo to try'),
        })
        .meta({ id: 'SandboxDescription' }),
    },
  },
});

const made = z.object({
  version: z.string(),
  contentType: z.string().nullable(),
  width: count.nullable(),
  height: count.nullable(),
  bytes: count.nullable(),
  milliseconds: z.number().nonnegative().nullable().describe('Of its processor, with all that it makes'),
});

const compared = z.object({
  name: z.string().nullable().describe('A variant or a fact; null: the image as a whole'),
  kind: z.enum(['variant', 'fact', 'image']),
  processor: z.string().nullable(),
  outcome: z
    .enum(['same', 'differs', 'failed', 'missing', 'added', 'repaired', 'fails-too'])
    .describe('Of the candidate beside the released version'),
  reason: z.string().nullable(),
  ssim: z.number().nullable().describe('Structural similarity of the two pictures; 1: the same'),
});

const picture = z
  .string()
  .nullable()
  .describe(`base64; null for facts and for more than ${sandboxLimits.maxShownBytes} bytes`);

const shown = made.extend({ picture, value: z.unknown().describe('Of a fact') }).meta({ id: 'MadeAndShown' });

export const trySandboxRoute = defineRoute({
  name: 'tryPhoto',
  method: 'POST',
  path: '/operations/sandbox/photos',
  summary: 'Runs the released processors and the candidates over a photo; nothing of it is kept',
  roles: engineering,
  consumes: [...acceptedTypes, 'application/octet-stream'],
  responses: {
    200: {
      description: 'What each makes of it',
      schema: z
        .object({
          image: z
            .object({ contentType: z.string(), width: count, height: count, bytes: count })
            .nullable()
            .describe('null: no version takes it'),
          decodingMs: z.object({
            released: z.number().nonnegative().nullable(),
            candidate: z.number().nonnegative().nullable(),
          }),
          rows: z.array(
            compared
              .extend({ released: shown.nullable(), candidate: shown.nullable() })
              .meta({ id: 'TriedRow' }),
          ),
        })
        .meta({ id: 'TriedPhoto' }),
    },
    400: { description: 'There are no bytes' },
    413: { description: 'Too many bytes' },
    503: { description: 'Others use the sandbox' },
  },
});

export const shadowRoute = defineRoute({
  name: 'shadowImage',
  method: 'POST',
  path: '/operations/sandbox/shadows',
  summary: 'Runs both over a stored image: figures of what differs, no pictures; nothing is changed or kept',
  roles: engineering,
  body: z.strictObject({ imageId: z.uuid().toLowerCase() }),
  responses: {
    200: {
      description: 'What differs, and all that candidates make',
      schema: z
        .object({
          skipped: z
            .enum(['gone', 'no-bytes', 'too-large'])
            .nullable()
            .describe('Why it was not compared: erased or due, rejected or not checked yet, too large'),
          rows: z.array(
            compared
              .extend({ released: made.nullable(), candidate: made.nullable() })
              .meta({ id: 'ShadowRow' }),
          ),
        })
        .meta({ id: 'ShadowedImage' }),
    },
    503: { description: 'Others use the sandbox' },
  },
});
