import { z } from 'zod';
import { maxOwnerUnits, textOfUnits } from '../../shared/platform/limits.ts';
import { defineRoute } from '../../shared/platform/http/define-route.ts';
import { receiptSchema } from '../../shared/images/erase/ledger/receipt.ts';
import { imageSource, imageStatus } from '../schemas.ts';

export * from './ledger-routes.ts';

/** Ids in one request: their addresses stay well below what every server on the way takes. */
const maxImagesAsked = 100;

const imageId = z.uuid().toLowerCase().describe('As the upload answered it');
const instant = z.iso.datetime().describe('UTC, with milliseconds');

const variantView = z
  .object({
    name: z.string(),
    contentType: z.string(),
    width: z.int(),
    height: z.int(),
    bytes: z.int(),
    sha256: z.string(),
    processor: z.string(),
    processorVersion: z.string(),
    url: z.string().describe('Signed: good without a token for one to two hours, for <img> and caches'),
  })
  .meta({ id: 'Variant' });

const imageView = z
  .object({
    id: z.uuid(),
    status: imageStatus,
    source: imageSource,
    owner: z.string().describe('Id of the principal it belongs to'),
    fileName: z.string().nullable().describe('What its sender called the file'),
    contentType: z.string().nullable(),
    bytes: z.int().nullable(),
    width: z.int().nullable(),
    height: z.int().nullable(),
    sha256: z.string().nullable(),
    uploadedAt: instant,
    deleteAt: instant,
    failure: z.object({ code: z.string(), message: z.string() }).nullable(),
    variants: z.array(variantView),
    facts: z.record(z.string(), z.unknown()).describe('What processors found: blurhash, dominantColour, …'),
    links: z.object({
      self: z.string(),
      raw: z.string().optional().describe('Signed, once the bytes are known to be an image'),
    }),
  })
  .meta({ id: 'Image' });

const imageDetailView = imageView
  .extend({
    correlationId: z.string(),
    timeline: z.array(z.object({ at: instant, event: z.string(), detail: z.string().nullable() })),
  })
  .meta({ id: 'ImageDetail' });

export type VariantView = z.infer<typeof variantView>;
export type ImageView = z.infer<typeof imageView>;
export type ImageDetailView = z.infer<typeof imageDetailView>;

export const listImagesRoute = defineRoute({
  name: 'listImages',
  method: 'GET',
  path: '/images',
  summary: 'Lists images, newest first: your own, or as Engineering all',
  roles: ['Uploader', 'Engineering'],
  query: z.object({
    limit: z.coerce.number().int().min(1).max(200).default(50),
    cursor: z.string().max(1000).optional().describe('`next` of the page before'),
    status: imageStatus.optional(),
    dueWithinHours: z.coerce
      .number()
      .int()
      .min(1)
      .max(168)
      .optional()
      .describe('Only images that are erased within so many hours'),
    owner: textOfUnits(maxOwnerUnits).optional().describe('Engineering only: the images of one principal'),
    ids: z
      .preprocess(
        (value) => (typeof value === 'string' ? value.split(',') : value),
        z.array(imageId).min(1).max(maxImagesAsked).optional(),
      )
      .describe(
        `In place of all the rest: the images of these ids, at most ${maxImagesAsked}, from the moment the ids were answered. Those that you may not see are left out`,
      ),
  }),
  responses: {
    200: {
      description: 'A page of images',
      schema: z.object({ images: z.array(imageView), next: z.string().nullable() }).meta({ id: 'ImagePage' }),
    },
  },
});

export const getImageRoute = defineRoute({
  name: 'getImage',
  method: 'GET',
  path: '/images/{id}',
  summary: 'What is known of an image, from the moment its id was answered',
  roles: ['Uploader', 'Engineering'],
  parameters: z.object({ id: imageId }),
  responses: {
    200: { description: 'The image', schema: imageDetailView },
    404: { description: 'No such image, or not yours' },
    410: { description: 'It was erased; `details.receipt` is the receipt, for whoever knows the id' },
  },
});

/** Of a signed address, which is compared to the letter: one that comes twice is a text that no address has. */
const signed = z.preprocess(
  (value) => (Array.isArray(value) ? value.join() : value),
  z.string().optional().describe('Of a signed address, as the image gave it'),
);

export const getVariantRoute = defineRoute({
  name: 'getVariant',
  method: 'GET',
  path: '/images/{id}/{variant}',
  summary: 'The bytes of a variant, or of the original as `raw`: for its owner, or for a signed address',
  roles: 'optional',
  parameters: z.object({ id: imageId, variant: z.string().regex(/^[a-z0-9][a-z0-9-]{0,49}$/i) }),
  query: z.object({ version: signed, expires: signed, signature: signed }),
  requestHeaders: {
    range: 'Some of the bytes only',
    'if-range': 'With `range`: all of them when the etag is another',
    'if-none-match': 'Answers 304 when the etag is still this one',
  },
  responses: {
    200: { description: 'The bytes', contentTypes: ['image/*'] },
    206: { description: 'A range of them', contentTypes: ['image/*'] },
    304: { description: 'You have them' },
    403: { description: 'The signed address has expired, or is not to the letter what the image gave' },
    404: { description: 'No such image or variant, or not yours' },
    409: { description: 'The original was not checked yet' },
    416: { description: 'No such range' },
  },
});

export const deleteImageRoute = defineRoute({
  name: 'deleteImage',
  method: 'DELETE',
  path: '/images/{id}',
  summary: 'Erases an image everywhere, now',
  roles: ['Uploader', 'Engineering'],
  parameters: z.object({ id: imageId }),
  responses: {
    200: {
      description: 'It is erased, and the ledger says so',
      schema: z
        .object({
          receipt: receiptSchema,
          remaining: z
            .array(z.object({ copy: z.string(), until: instant }))
            .describe('Copies that an erasure cannot reach, and when they end: a hub, `cdn`, `browser`'),
        })
        .meta({ id: 'Erasure' }),
    },
    404: { description: 'No such image, or not yours' },
    410: { description: 'It was erased before; `details.receipt` is the receipt' },
  },
});
