import { DarkroomError } from '../../platform/errors.ts';
import { deriveImageId } from '../../platform/image-id.ts';
import { isChunk, readChunk, type ChunkPlace } from './chunk.ts';
import { readBinaryEvent, readStructuredEvent, type CloudEvent } from '../../stream/cloud-event.ts';
import type { Sender } from '../../platform/image-origin.ts';
import { readHeaders } from '../../stream/headers.ts';
import { envelopeOf } from './envelope.ts';
import { ownerOf } from './owner.ts';
import { namedBy, placeOf } from './sender.ts';
import type { IncomingRecord } from '../../stream/record.ts';

interface Named {
  readonly imageId: string;
  readonly owner: string;
  readonly correlationId: string;
  /** Not of a claim check, which is our own. */
  readonly sender?: Sender;
}

/** What a record of `image-stream` asks for. `sha256` is what its producer announced, hex. */
export type ImageMessage =
  | (Named & {
      readonly form: 'binary' | 'structured' | 'bare';
      readonly bytes: Uint8Array;
      readonly sha256: string | undefined;
    })
  | (Named & { readonly form: 'claim-check' })
  | (Named & { readonly form: 'chunk'; readonly bytes: Uint8Array; readonly chunk: ChunkPlace });

const structuredType = 'application/cloudevents+json';
const correlation = /^[\w.:-]{1,64}$/;
const digest = /^[0-9a-f]{64}$/i;

export type HeaderTexts = ReadonlyMap<string, string>;

/** The producer's correlation id where it is one, else the image's own id follows it. */
export function correlationIdOf(headers: HeaderTexts, imageId: string, event?: CloudEvent): string {
  const given =
    event?.correlationid ?? headers.get('x-correlation-id') ?? headers.get('correlation-id') ?? '';
  return correlation.test(given) ? given : imageId;
}

function announcedDigest(headers: HeaderTexts): string | undefined {
  const given = headers.get('sha256');
  if (given === undefined) return undefined;
  if (!digest.test(given))
    throw new DarkroomError('message-malformed', 'The header sha256 must be 64 hex digits.');
  return given.toLowerCase();
}

/** A value that is a JSON object is no image: it is an event whose content type got lost, or nothing we know. */
const looksLikeObject = (value: Uint8Array): boolean =>
  /^\ufeff?\s*\{/.test(Buffer.from(value.subarray(0, 64)).toString('utf8'));

const unsupported = (what: string): DarkroomError =>
  new DarkroomError(
    'message-unsupported',
    `This record is ${what}. Send one image a record: its bytes as the value, with a CloudEvent's attributes as headers (ce_id, ce_source, ce_type), or one CloudEvent in JSON (content-type: ${structuredType}).`,
  );

const contentTypeOf = (headers: HeaderTexts): string =>
  headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';

const isBinaryEvent = (headers: HeaderTexts): boolean =>
  ['ce_id', 'ce_source', 'ce_type', 'ce_specversion'].some((name) => headers.has(name));

function fromStructured(record: IncomingRecord, headers: HeaderTexts): ImageMessage {
  const event = readStructuredEvent(record.value);
  const owner = ownerOf(record.key, event.subject);
  if ('imageId' in event) {
    const { imageId } = event;
    return { form: 'claim-check', imageId, owner, correlationId: correlationIdOf(headers, imageId, event) };
  }
  const imageId = deriveImageId('cloudevent', event.source, event.id);
  const correlationId = correlationIdOf(headers, imageId, event);
  const named = { imageId, owner, correlationId, sender: namedBy(event.id, event.source) };
  return { form: 'structured', ...named, bytes: event.bytes, sha256: announcedDigest(headers) };
}

function fromBinary(record: IncomingRecord, headers: HeaderTexts): ImageMessage {
  const event = readBinaryEvent(headers);
  const imageId = deriveImageId('cloudevent', event.source, event.id);
  const owner = ownerOf(record.key, event.subject);
  const correlationId = correlationIdOf(headers, imageId, event);
  const named = { imageId, owner, correlationId, sender: namedBy(event.id, event.source) };
  return { form: 'binary', ...named, bytes: record.value, sha256: announcedDigest(headers) };
}

function fromChunk(record: IncomingRecord, headers: HeaderTexts): ImageMessage {
  const chunk = readChunk(headers);
  const owner = ownerOf(record.key, headers.get('ce_subject'));
  const imageId = deriveImageId('chunks', owner, chunk.chunkId);
  const correlationId = correlationIdOf(headers, imageId);
  const named = { imageId, owner, correlationId, sender: namedBy(chunk.chunkId) };
  return { form: 'chunk', ...named, bytes: record.value, chunk };
}

function fromBare(record: IncomingRecord, headers: HeaderTexts): ImageMessage {
  const { hub, partition, offset, enqueuedAt } = record;
  const imageId = deriveImageId('record', hub, partition, offset, enqueuedAt.toISOString());
  const named = {
    imageId,
    owner: ownerOf(record.key, undefined),
    correlationId: correlationIdOf(headers, imageId),
    sender: placeOf(record),
  };
  return { form: 'bare', ...named, bytes: record.value, sha256: announcedDigest(headers) };
}

function chooseForm(record: IncomingRecord, headers: HeaderTexts): typeof fromBare {
  const contentType = contentTypeOf(headers);
  if (contentType === structuredType) return fromStructured;
  if (/^application\/cloudevents(-batch)?(\+|$)/.test(contentType)) throw unsupported(contentType);
  if (isChunk(headers)) return fromChunk;
  const form = isBinaryEvent(headers)
    ? fromBinary
    : looksLikeObject(record.value)
      ? fromStructured
      : fromBare;
  const envelope = form === fromStructured ? undefined : envelopeOf(record.value, contentType);
  if (envelope !== undefined) throw unsupported(envelope);
  return form;
}

/**
 * The one parser for everything that `image-stream` carries. Throws nothing but DarkroomError: `message-malformed`,
 * `message-unsupported`, `empty-body`.
 */
export function parseImageMessage(record: IncomingRecord): ImageMessage {
  const headers = readHeaders(record.headers);
  const message = chooseForm(record, headers)(record, headers);
  if ('bytes' in message && message.bytes.byteLength === 0) {
    throw new DarkroomError('empty-body', 'There are no bytes in this record: send the image as its value.');
  }
  return message;
}
