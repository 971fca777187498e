import { deriveImageId, isImageId } from '../../platform/image-id.ts';
import { unknownOwner } from '../../platform/image-origin.ts';
import type { Origin } from '../../platform/image-origin.ts';
import { maxAttributeUnits, maxSenderIdUnits } from '../../platform/limits.ts';
import { headerTexts } from '../../stream/headers.ts';
import type { IncomingRecord } from '../../stream/record.ts';
import { isChunk } from './chunk.ts';
import { correlationIdOf, type HeaderTexts } from './image-message.ts';
import { ownerOf } from './owner.ts';
import { namedBy, placeOf } from './sender.ts';

type Attributes = Readonly<Record<'id' | 'source' | 'subject' | 'dataref', string | undefined>>;

const attribute = (value: unknown, maxUnits: number): string | undefined =>
  typeof value === 'string' && value !== '' && value.length <= maxUnits ? value : undefined;

function ownerAsFarAsKnown(key: string | undefined, subject: string | undefined): string {
  try {
    return ownerOf(key, subject);
  } catch {
    return unknownOwner;
  }
}

/** The attributes of an event in JSON, whatever else is wrong with it. */
function jsonEvent(value: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const json: unknown = JSON.parse(Buffer.from(value).toString('utf8'));
    return json !== null && typeof json === 'object' && !Array.isArray(json) ? { ...json } : {};
  } catch {
    return {};
  }
}

/** Of a CloudEvent in either mode. */
function attributesOf(record: IncomingRecord, headers: HeaderTexts): Attributes {
  const event = headers.has('ce_id') ? undefined : jsonEvent(record.value);
  const get = (name: string, maxUnits: number = maxAttributeUnits): string | undefined =>
    attribute(event === undefined ? headers.get(`ce_${name}`) : event[name], maxUnits);
  return {
    id: get('id', maxSenderIdUnits),
    source: get('source'),
    subject: get('subject'),
    dataref: get('dataref'),
  };
}

type Named = Pick<Origin, 'imageId' | 'sender'>;

function nameOf(record: IncomingRecord, headers: HeaderTexts, owner: string, event: Attributes): Named {
  const { hub, partition, offset, enqueuedAt } = record;
  const chunkId = attribute(headers.get('chunk-id'), maxSenderIdUnits);
  if (isChunk(headers) && chunkId !== undefined)
    return { imageId: deriveImageId('chunks', owner, chunkId), sender: namedBy(chunkId) };
  const { id, source, dataref } = event;
  if (dataref !== undefined && id !== undefined && isImageId(id)) return { imageId: id };
  return id !== undefined && source !== undefined
    ? { imageId: deriveImageId('cloudevent', source, id), sender: namedBy(id, source) }
    : {
        imageId: deriveImageId('record', hub, partition, offset, enqueuedAt.toISOString()),
        sender: placeOf(record),
      };
}

/**
 * Of a record that cannot be read as a message: the image that its producer will ask for, as far as it names one, else
 * an image named by the record's coordinates. Throws nothing.
 */
export function unreadImage(record: IncomingRecord): Origin & { readonly isChunk: boolean } {
  const headers = headerTexts(record.headers);
  const event = attributesOf(record, headers);
  const owner = ownerAsFarAsKnown(record.key, event.subject);
  const { imageId, sender } = nameOf(record, headers, owner, event);
  return {
    ...{ imageId, owner, source: 'kafka', uploadedAt: record.enqueuedAt, sender },
    ...{ correlationId: correlationIdOf(headers, imageId), isChunk: isChunk(headers) },
  };
}
