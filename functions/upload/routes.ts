import { z } from 'zod';
import { defineRoute } from '../../shared/platform/http/define-route.ts';
import { problemSchema } from '../../shared/platform/http/problem.ts';
import { acceptedTypes } from '../../shared/images/process/ports.ts';

const accepted = z
  .object({
    id: z.uuid(),
    status: z.literal('received'),
    links: z.object({ self: z.string() }),
  })
  .meta({ id: 'AcceptedImage' });

const refused = z
  .object({
    file: z.int().describe('Which file of the form, from 0'),
    problem: problemSchema,
  })
  .meta({ id: 'RefusedFile' });

export type AcceptedView = z.infer<typeof accepted>;

export const uploadImagesRoute = defineRoute({
  name: 'uploadImages',
  method: 'POST',
  path: '/images',
  summary: 'Takes an image as the body, or one to many as the files of a form',
  roles: ['Uploader'],
  consumes: [...acceptedTypes, 'multipart/form-data'],
  requestHeaders: { 'idempotency-key': 'The same key with the same bytes is the same image' },
  responses: {
    202: {
      description:
        'Stored; every image here will end processed, rejected or failed. Files of a form that were refused are in `problems`',
      schema: z
        .object({ images: z.array(accepted), problems: z.array(refused).optional() })
        .meta({ id: 'UploadAnswer' }),
    },
    400: { description: 'There are no bytes' },
    409: { description: 'The Idempotency-Key came before with other bytes' },
    413: { description: 'Too many bytes' },
    415: { description: 'Not an image of an accepted type' },
    503: { description: 'Not stored, or not announced: send it again, with the same Idempotency-Key' },
  },
});
