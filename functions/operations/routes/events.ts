import { z } from 'zod';
import { defineRoute } from '../../../shared/platform/http/define-route.ts';
import { hubs } from '../../../shared/stream/hubs.ts';
import { imageSource, imageStatus } from '../../schemas.ts';
import { count, engineering, instant } from './common.ts';

const hub = z.enum(Object.values(hubs));
const partition = z.string().regex(/^\d{1,5}$/);
const text = z.string().min(1).max(1_024);
const sequenceNumber = z.coerce.number().int().nonnegative();

const place = z.object({
  hub,
  partition: z.string(),
  offset: z.string(),
  sequenceNumber: count.describe('What Kafka calls the offset'),
  enqueuedAt: instant,
  bytes: count.describe('Of the value'),
});
const recordPlace = place.meta({ id: 'RecordPlace' });

const content = z
  .object({
    form: z.string().describe('How it is read: bare, binary, structured, chunk, claim-check, processing, …'),
    problem: z.string().nullable().describe('Why it cannot be read'),
    imageId: z.string().nullable(),
    owner: z.string().nullable(),
    key: z.string().nullable(),
    contentType: z.string().nullable(),
    headers: z.array(z.object({ name: z.string(), value: z.string() })),
    cloudEvent: z
      .object({
        id: z.string().nullable(),
        source: z.string().nullable(),
        type: z.string().nullable(),
        subject: z.string().nullable(),
      })
      .nullable(),
    envelope: z
      .record(z.string(), z.unknown())
      .nullable()
      .describe('The value where it is a JSON object; for bytes of an image their length'),
    begins: z.string().describe('The first bytes of any other value, hex'),
  })
  .meta({ id: 'EventContent' });

export const browseHubRoute = defineRoute({
  name: 'browseHub',
  method: 'GET',
  path: '/operations/events',
  summary: 'Looks into a hub: events by offset, time or from the end, filtered; nothing is taken away',
  roles: engineering,
  query: z
    .object({
      hub: hub.default(hubs.stream),
      partition: partition.optional().describe('All of them when it is left out'),
      from: z.enum(['start', 'end']).optional().describe('end, the newest, unless something else is said'),
      sequenceNumber: sequenceNumber.optional(),
      offset: z
        .string()
        .regex(/^\d{1,20}$/)
        .optional(),
      time: instant.optional(),
      cursor: z.string().max(8_000).optional().describe('To go on, or to follow live'),
      limit: z.coerce.number().int().min(1).max(200).default(50),
      key: text.optional(),
      owner: text.optional(),
      header: text.optional().describe('NAME, or NAME=VALUE'),
      type: text.optional().describe('Of the CloudEvent'),
      ceId: text.optional().describe('Of the CloudEvent'),
      imageId: z.uuid().toLowerCase().optional(),
      minBytes: z.coerce.number().int().nonnegative().optional(),
      maxBytes: z.coerce.number().int().nonnegative().optional(),
    })
    .refine(
      ({ from, sequenceNumber: number, offset, time, cursor }) =>
        [from, number, offset, time, cursor].filter((one) => one !== undefined).length <= 1,
      { message: 'Say one place to begin at.', path: ['from'] },
    ),
  responses: {
    200: {
      description: 'Events, oldest first',
      schema: z
        .object({
          events: z.array(
            place
              .extend({ content: content.nullable().describe('null: its image was erased') })
              .meta({ id: 'BrowsedEvent' }),
          ),
          next: z.string(),
          scanned: count.describe('Events that were looked at'),
          atEnd: z.boolean().describe('Nothing was behind them'),
        })
        .meta({ id: 'BrowsedEvents' }),
    },
    422: { description: 'The hub has no such partition' },
  },
});

export const traceRoute = defineRoute({
  name: 'traceImage',
  method: 'GET',
  path: '/operations/trace',
  summary: 'From a record (place, ce_id or key) to the image that became of it, and back',
  roles: engineering,
  query: z
    .object({
      hub: hub.default(hubs.stream),
      partition: partition.optional(),
      offset: z
        .string()
        .regex(/^\d{1,20}$/)
        .optional(),
      sequenceNumber: sequenceNumber.optional(),
      ceId: text.optional(),
      ceSource: text.optional().describe('With `ceId`; without it the hub is searched'),
      key: text.optional(),
      imageId: z.uuid().toLowerCase().optional(),
    })
    .refine(
      ({ partition: one, ceId, key, imageId }) =>
        [one, ceId, key, imageId].filter((given) => given !== undefined).length === 1,
      {
        message: 'Say a partition (with an offset or a sequence number), a ceId, a key, or an imageId.',
        path: ['partition'],
      },
    ),
  responses: {
    422: { description: 'A record is named by its partition and its offset or sequence number' },
    200: {
      description: 'The images that it leads to',
      schema: z
        .object({
          complete: z
            .boolean()
            .describe('false: not all of the hub was looked at, or the record has expired'),
          erased: z.boolean().describe('It leads to an image that was erased'),
          images: z.array(
            z
              .object({
                imageId: z.string(),
                erased: z.boolean(),
                image: z
                  .object({
                    status: imageStatus,
                    source: imageSource,
                    owner: z.string(),
                    uploadedAt: instant,
                    deleteAt: instant,
                    failureCode: z.string().nullable(),
                  })
                  .nullable(),
                records: z.array(recordPlace).describe('Those of it that are in `image-stream` still'),
                deadLetters: z.array(z.string()),
              })
              .meta({ id: 'TracedImage' }),
          ),
        })
        .meta({ id: 'TraceAnswer' }),
    },
  },
});
