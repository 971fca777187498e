import { createHash, randomUUID } from 'node:crypto';
import { deriveImageId } from '../shared/platform/image-id.ts';
import type { KafkaRecord } from './image-producer.ts';

export const forms = ['binary', 'structured', 'bare', 'chunked'] as const;
export type Form = (typeof forms)[number];

export interface Sent {
  /** Undefined for the bare form: the pipeline derives it from where the record lies. */
  readonly imageId: string | undefined;
  readonly records: readonly KafkaRecord[];
}

export interface Picture {
  readonly owner: string;
  readonly contentType: string;
  readonly bytes: Buffer;
  /** The CloudEvent's id, or the chunk set's; the same again means the same image. */
  readonly eventId?: string | undefined;
  /** Bytes in a chunk, where it is sent in chunks. */
  readonly chunkBytes?: number;
}

const eventSource = '/darkroom/cli';
const eventType = 'darkroom.image.received';
/** Bytes in a chunk: a record, its key and headers stay under the hub's 1 MB. */
export const defaultChunkBytes = 900_000;

function binary({ owner, contentType, bytes, eventId = randomUUID() }: Picture): Sent {
  const headers = {
    ce_specversion: '1.0',
    ce_id: eventId,
    ce_source: eventSource,
    ce_type: eventType,
    ce_subject: owner,
    ce_time: new Date().toISOString(),
    'content-type': contentType,
  };
  return {
    imageId: deriveImageId('cloudevent', eventSource, eventId),
    records: [{ key: owner, value: bytes, headers }],
  };
}

function structured({ owner, contentType, bytes, eventId = randomUUID() }: Picture): Sent {
  const event = {
    specversion: '1.0',
    id: eventId,
    source: eventSource,
    type: eventType,
    subject: owner,
    time: new Date().toISOString(),
    datacontenttype: contentType,
    data_base64: bytes.toString('base64'),
  };
  return {
    imageId: deriveImageId('cloudevent', eventSource, eventId),
    records: [
      {
        key: owner,
        value: Buffer.from(JSON.stringify(event)),
        headers: { 'content-type': 'application/cloudevents+json' },
      },
    ],
  };
}

const bare = ({ owner, bytes }: Picture): Sent => ({
  imageId: undefined,
  records: [{ key: owner, value: bytes, headers: {} }],
});

function chunked({
  owner,
  contentType,
  bytes,
  eventId = randomUUID(),
  chunkBytes = defaultChunkBytes,
}: Picture): Sent {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const count = Math.max(1, Math.ceil(bytes.length / chunkBytes));
  const records = Array.from({ length: count }, (_, index) => ({
    key: owner,
    value: bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes),
    headers: {
      'chunk-id': eventId,
      'chunk-index': String(index),
      'chunk-count': String(count),
      sha256,
      'content-type': contentType,
    },
  }));
  return { imageId: deriveImageId('chunks', owner, eventId), records };
}

const makers: Readonly<Record<Form, (picture: Picture) => Sent>> = { binary, structured, bare, chunked };

/** The Kafka records that carry a picture in one of the forms of the stream's contract. */
export const recordsFor = (form: Form, picture: Picture): Sent => makers[form](picture);
