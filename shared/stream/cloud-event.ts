import { z } from 'zod';
import { containers } from '../platform/blobs/containers.ts';
import { DarkroomError } from '../platform/errors.ts';
import { isImageId } from '../platform/image-id.ts';
import { maxAttributeUnits, maxSenderIdUnits, textOfUnits } from '../platform/limits.ts';
import { attributeText } from './attribute-text.ts';
import { imageEventType } from './headers.ts';

const attribute = attributeText(maxAttributeUnits);

/** The attributes of CloudEvents 1.0 that an image event uses; others are let through and ignored. */
const attributes = z.object({
  specversion: z.string(),
  type: z.string(),
  id: attributeText(maxSenderIdUnits),
  source: attribute,
  subject: attribute.optional(),
  correlationid: z.string().max(256).optional(),
});

const structured = attributes.extend({
  data_base64: z.base64().optional(),
  dataref: textOfUnits(maxAttributeUnits).optional(),
});

export type CloudEvent = Pick<z.infer<typeof attributes>, 'id' | 'source' | 'subject' | 'correlationid'>;

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const names = [
    ...new Set(result.error.issues.map(({ path }) => path.map(String).join('.') || 'the event')),
  ];
  throw new DarkroomError('message-malformed', `The CloudEvent is not valid: look at ${names.join(', ')}.`);
}

function checkKind({ specversion, type }: { specversion: string; type: string }): void {
  if (specversion !== '1.0') {
    throw new DarkroomError('message-unsupported', 'Only CloudEvents of specversion 1.0 are supported.');
  }
  if (type !== imageEventType) {
    throw new DarkroomError('message-unsupported', `Only CloudEvents of type ${imageEventType} belong here.`);
  }
}

/** Binary mode: attributes are headers. `specversion` may be left out. */
export function readBinaryEvent(headers: ReadonlyMap<string, string>): CloudEvent {
  const named = Object.fromEntries(
    Object.keys(attributes.shape).flatMap((name) => {
      const value = headers.get(`ce_${name}`);
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const event = parse(attributes, { specversion: '1.0', ...named });
  checkKind(event);
  return event;
}

/** `raw/{imageId}`: the only place a claim check may point to, so that no event makes us fetch anything else. */
export const datarefOf = (imageId: string): string => `${containers.raw}/${imageId}`;

function imageIdOf(dataref: string, id: string): string {
  if (!isImageId(id) || dataref !== datarefOf(id)) {
    throw new DarkroomError(
      'message-unsupported',
      'A dataref must be raw/{id}, with the id of the event itself.',
    );
  }
  return id;
}

export type StructuredEvent = CloudEvent & ({ readonly bytes: Uint8Array } | { readonly imageId: string });

/** Structured mode: the value is the event, with the bytes in it or a claim check on those that are stored. */
export function readStructuredEvent(value: Uint8Array): StructuredEvent {
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(value).toString('utf8'));
  } catch {
    throw new DarkroomError(
      'message-malformed',
      'The value is announced as a CloudEvent, but it is not valid JSON.',
    );
  }
  const { data_base64: data, dataref, ...event } = parse(structured, json);
  checkKind(event);
  if ((data === undefined) === (dataref === undefined)) {
    throw new DarkroomError('message-malformed', 'The CloudEvent needs either data_base64 or dataref.');
  }
  return dataref === undefined
    ? { ...event, bytes: Buffer.from(data ?? '', 'base64') }
    : { ...event, imageId: imageIdOf(dataref, event.id) };
}
