import { z } from 'zod';
import { defineRoute } from '../../shared/platform/http/define-route.ts';
import { problemSchema } from '../../shared/platform/http/problem.ts';
import { maxSenderIdUnits } from '../../shared/platform/limits.ts';
import { acceptedTypes } from '../../shared/images/process/ports.ts';

const accepted = z
  .object({
    id: z.uuid(),
    status: z.literal('received'),
    links: z.object({ self: z.string() }),
  })
  .meta({ id: 'AcceptedImage' });

const refused = z
  .object({ status: z.literal('refused'), problem: problemSchema })
  .meta({ id: 'RefusedImage' });

const outcome = z.discriminatedUnion('status', [accepted, refused]);

export type AcceptedView = z.infer<typeof accepted>;
export type OutcomeView = z.infer<typeof outcome>;

export const uploadImagesRoute = defineRoute({
  name: 'uploadImages',
  method: 'POST',
  path: '/images',
  summary:
    'Takes an image as the body, or 1 to 100 as the files of a form; refused when none of them is taken',
  roles: ['Uploader'],
  consumes: [...acceptedTypes, 'application/octet-stream', 'multipart/form-data'],
  requestHeaders: {
    'content-disposition':
      'What the file is called (`filename`, `filename*`), where the body is one image; kept with it and shown to its owner',
    'idempotency-key': `The same key with the same bytes is the same image; 1 to ${maxSenderIdUnits} visible ASCII characters`,
  },
  responses: {
    202: {
      description: 'Stored; every image will end processed, rejected or failed',
      schema: z.object({ images: z.array(accepted) }).meta({ id: 'UploadAnswer' }),
    },
    207: {
      description:
        'Some files of a form are stored and some refused: what became of each, in the order of the form',
      schema: z.object({ images: z.array(outcome) }).meta({ id: 'MixedUploadAnswer' }),
    },
    400: { description: 'There are no bytes' },
    413: { description: 'Too many bytes, or more than 64 MiB of AVIF, HEIC or JPEG XL' },
    415: { description: 'Not an image of an accepted type' },
    409: { description: 'The image of the Idempotency-Key was erased' },
    422: { description: 'The Idempotency-Key came before with other bytes' },
    503: { description: 'Not stored, or not announced: send it again, with the same Idempotency-Key' },
  },
});
